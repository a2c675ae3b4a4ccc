<?php

declare(strict_types=1);

namespace Shopkeeper\Config\Console;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\Config\ConfigImporter;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;

class ConfigImportCommand extends Command
{
    public function __construct(
        private readonly DeploymentConfig $deployment,
        private readonly ConfigImporter $importer,
    ) {
    }

    public function signature(): Signature
    {
        return new Signature('app:config:import', 'Import data from shared configuration files to appropriate data storage');
    }

    public function run(Input $input, Output $output): int
    {
        if (!$this->deployment->isAvailable()) {
            $output->writeln('<error>You cannot run this command because the Magento application is not installed.</error>');
            return self::FAILURE;
        }
        $output->writeln($this->importer->import());
        return self::SUCCESS;
    }
}
