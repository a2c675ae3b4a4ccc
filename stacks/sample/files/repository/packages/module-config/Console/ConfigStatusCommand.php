<?php

declare(strict_types=1);

namespace Shopkeeper\Config\Console;

use Shopkeeper\Framework\Config\ConfigImporter;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;

class ConfigStatusCommand extends Command
{
    private const IMPORT_REQUIRED = 2;

    public function __construct(private readonly ConfigImporter $importer)
    {
    }

    public function signature(): Signature
    {
        return new Signature('app:config:status', 'Checks if config propagation requires update');
    }

    public function run(Input $input, Output $output): int
    {
        if ($this->importer->hasChanges()) {
            $output->writeln('<info>Config files have changed. Run app:config:import or setup:upgrade command to synchronize configuration.</info>');
            return self::IMPORT_REQUIRED;
        }
        $output->writeln('<info>Config files are up to date.</info>');
        return self::SUCCESS;
    }
}
