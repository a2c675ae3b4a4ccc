<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup\Command;

use Shopkeeper\Framework\Config\ConfigImporter;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\ConsoleException;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Setup\Installer;

class InstallCommand extends Command
{
    public function __construct(
        private readonly Installer $installer,
        private readonly ConfigImporter $importer,
    ) {
    }

    public function signature(): Signature
    {
        $signature = new Signature('setup:install', 'Installs the Magento application');
        $this->installer->declare($signature);
        return $signature;
    }

    public function run(Input $input, Output $output): int
    {
        $errors = $this->installer->validate($input);
        if ($errors !== []) {
            foreach ($errors as $error) {
                $output->writeln('<error>' . $error . '</error>');
            }
            throw new ConsoleException('Parameter validation failed');
        }
        $this->installer->install($input, $output);
        $output->writeln($this->importer->import());
        return self::SUCCESS;
    }
}
