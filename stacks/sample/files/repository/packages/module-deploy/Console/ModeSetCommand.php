<?php

declare(strict_types=1);

namespace Shopkeeper\Deploy\Console;

use Shopkeeper\Deploy\Model\StaticContent;
use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\App\DeploymentConfig\Writer;
use Shopkeeper\Framework\App\MaintenanceMode;
use Shopkeeper\Framework\App\Mode;
use Shopkeeper\Framework\App\Paths;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Filesystem\Directory;
use Shopkeeper\Framework\ObjectManager\Compiler;

class ModeSetCommand extends Command
{
    public function __construct(
        private readonly Writer $writer,
        private readonly MaintenanceMode $maintenance,
        private readonly Compiler $compiler,
        private readonly StaticContent $content,
        private readonly Paths $paths,
    ) {
    }

    public function signature(): Signature
    {
        return (new Signature('deploy:mode:set', 'Set application mode.'))
            ->argument('mode', 'The application mode to set. Available options are "developer" or "production"', true)
            ->flag('skip-compilation', 'Skips the clearing and regeneration of static content', 's');
    }

    public function run(Input $input, Output $output): int
    {
        $mode = (string)$input->argument('mode');
        if (!in_array($mode, [Mode::DEFAULT, Mode::DEVELOPER, Mode::PRODUCTION], true)) {
            $output->writeln(sprintf('<error>The mode can\'t be switched to "%s".</error>', $mode));
            return self::FAILURE;
        }
        if (!$input->option('skip-compilation')) {
            $mode === Mode::PRODUCTION ? $this->build($output) : $this->clear();
        }
        $this->writer->save(DeploymentConfig::ENV, ['MAGE_MODE' => $mode]);
        $output->writeln('Enabled ' . $mode . ' mode.');
        return self::SUCCESS;
    }

    private function build(Output $output): void
    {
        $wasOn = $this->maintenance->isOn();
        $this->maintenance->set(true);
        $output->writeln('Enabled maintenance mode');
        try {
            $this->compiler->compile(static fn (string $title) => $output->writeln($title));
            foreach ($this->content->themes() as $theme) {
                foreach ($this->content->locales() as $locale) {
                    $this->content->deploy($theme, $locale);
                }
            }
            $this->content->setVersion((string)time());
        } finally {
            $this->maintenance->set($wasOn);
        }
        $output->writeln('Disabled maintenance mode');
    }

    private function clear(): void
    {
        foreach ([$this->paths->generated('code'), $this->paths->generated('metadata'), $this->paths->static()] as $directory) {
            Directory::clear($directory);
        }
    }
}
