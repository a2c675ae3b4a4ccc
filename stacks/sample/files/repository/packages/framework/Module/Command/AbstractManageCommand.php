<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Module\Command;

use Shopkeeper\Framework\App\Paths;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Filesystem\Directory;
use Shopkeeper\Framework\Module\ModuleList;
use Shopkeeper\Framework\Module\ModuleRegistry;
use Shopkeeper\Framework\Setup\ModulesConfig;

abstract class AbstractManageCommand extends Command
{
    public function __construct(
        private readonly ModuleRegistry $registry,
        private readonly ModuleList $modules,
        private readonly ModulesConfig $config,
        private readonly Paths $paths,
    ) {
    }

    protected function managing(string $name, string $description): Signature
    {
        return (new Signature($name, $description))
            ->argument('module', 'Name of the module', false, true)
            ->flag('all', 'All modules')
            ->flag('force', 'Bypass dependencies check', 'f')
            ->flag('clear-static-content', 'Clear generated static view files', 'c');
    }

    protected function switch(Input $input, Output $output, bool $enable): int
    {
        $names = $input->option('all') ? array_keys($this->registry->all()) : (array)$input->argument('module');
        if ($names === []) {
            $output->writeln('<error>No modules specified. Specify a space-separated list of modules or use the --all option</error>');
            return self::FAILURE;
        }
        $unknown = array_filter($names, fn (string $name) => !$this->registry->has($name));
        if ($unknown !== []) {
            $output->writeln('<error>Unknown module(s): ' . implode(', ', $unknown) . '</error>');
            return self::FAILURE;
        }
        $current = $this->modules->isConfigured() ? array_keys($this->modules->enabled()) : [];
        $changed = array_values($enable ? array_diff($names, $current) : array_intersect($names, $current));
        if (!$input->option('force')) {
            $conflicts = $this->conflicts($changed, $current, $enable);
            if ($conflicts !== []) {
                $output->writeln(['<error>Unable to change status of modules because of the following constraints:</error>', ...$conflicts]);
                return self::FAILURE;
            }
        }
        if ($changed === [] && $this->modules->isConfigured()) {
            $output->writeln('<info>No modules were changed.</info>');
            return self::SUCCESS;
        }
        $this->config->refresh(array_fill_keys($changed, (int)$enable)
            + array_fill_keys(array_diff(array_keys($this->registry->all()), $current, $changed), 0));
        $output->writeln('<info>The following modules have been ' . ($enable ? 'enabled' : 'disabled') . ':</info>');
        $output->writeln([...array_map(static fn (string $name) => '- ' . $name, $changed), '']);
        if ($enable) {
            $output->writeln("<info>To make sure that the enabled modules are properly registered, run 'setup:upgrade'.</info>");
        }
        Directory::clear($this->paths->generated('code'));
        Directory::clear($this->paths->generated('metadata'));
        $output->writeln('<info>Generated classes cleared successfully. Please run the \'setup:di:compile\' command to generate classes.</info>');
        if ($input->option('clear-static-content')) {
            Directory::clear($this->paths->static());
            $output->writeln('<info>Generated static view files cleared successfully.</info>');
        }
        return self::SUCCESS;
    }

    /** @return string[] */
    private function conflicts(array $changed, array $current, bool $enable): array
    {
        $after = $enable ? array_merge($current, $changed) : array_diff($current, $changed);
        $conflicts = [];
        foreach ($after as $name) {
            foreach ($this->registry->all()[$name]->sequence as $needed) {
                if ($this->registry->has($needed) && !in_array($needed, $after, true)) {
                    $conflicts[] = sprintf('%s depends on %s', $name, $needed);
                }
            }
        }
        return $conflicts;
    }
}
