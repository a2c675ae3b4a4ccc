<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup\Command;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\App\Mode;
use Shopkeeper\Framework\App\Paths;
use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Cache\CacheTypes;
use Shopkeeper\Framework\Config\ConfigImporter;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Filesystem\Directory;
use Shopkeeper\Framework\Setup\DatabaseUpdater;
use Shopkeeper\Framework\Setup\ModulesConfig;

class UpgradeCommand extends Command
{
    public function __construct(
        private readonly DeploymentConfig $config,
        private readonly ModulesConfig $modulesConfig,
        private readonly DatabaseUpdater $database,
        private readonly ConfigImporter $importer,
        private readonly Cache $cache,
        private readonly CacheTypes $cacheTypes,
        private readonly Paths $paths,
        private readonly Mode $mode,
    ) {
    }

    public function signature(): Signature
    {
        return (new Signature('setup:upgrade', 'Upgrades the Magento application, DB data, and schema'))
            ->flag('keep-generated', 'Prevents generated files from being deleted')
            ->optional('convert-old-scripts', 'Accepted for compatibility: there are no old scripts')
            ->optional('safe-mode', 'Accepted for compatibility')
            ->optional('data-restore', 'Accepted for compatibility')
            ->option('magento-init-params', 'Accepted for compatibility');
    }

    public function run(Input $input, Output $output): int
    {
        if (!$this->config->isAvailable()) {
            $output->writeln('<error>You cannot run this command because the Magento application is not installed.</error>');
            return self::FAILURE;
        }
        $keep = (bool)$input->option('keep-generated');
        $this->cache->flush(array_keys($this->cacheTypes->all()));
        $output->writeln('Cache cleared successfully');
        if (!$keep) {
            $output->writeln('File system cleanup:');
            foreach (['code', 'metadata'] as $directory) {
                Directory::clear($this->paths->generated($directory));
                $output->writeln($this->paths->generated($directory));
            }
        }
        $output->writeln('Updating modules:');
        $this->modulesConfig->refresh();
        $this->database->exclusive(function () use ($output): void {
            $this->database->schema($output);
            $this->database->data($output);
        });
        $this->cache->flush(array_keys($this->cacheTypes->all()));
        $output->writeln($this->importer->import());
        if (!$keep && $this->mode->isProduction()) {
            $output->writeln('<info>Please re-run Magento compile command. Use the command "setup:di:compile"</info>');
        }
        return self::SUCCESS;
    }
}
