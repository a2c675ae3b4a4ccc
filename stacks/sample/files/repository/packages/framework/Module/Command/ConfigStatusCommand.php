<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Module\Command;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Module\ModuleRegistry;

class ConfigStatusCommand extends Command
{
    public function __construct(
        private readonly DeploymentConfig $config,
        private readonly ModuleRegistry $registry,
    ) {
    }

    public function signature(): Signature
    {
        return new Signature('module:config:status', "Checks the modules configuration in the 'app/etc/config.php' file and reports if they are up to date or not");
    }

    public function run(Input $input, Output $output): int
    {
        $listed = array_keys((array)($this->config->file(DeploymentConfig::CONFIG)['modules'] ?? []));
        if ($listed !== array_keys($this->registry->all())) {
            $output->writeln('<error>The modules configuration is not up to date. Run: bin/magento setup:upgrade</error>');
            return self::FAILURE;
        }
        $output->writeln('<info>The modules configuration is up to date.</info>');
        return self::SUCCESS;
    }
}
