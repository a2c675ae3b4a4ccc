<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup\Command;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\App\DeploymentConfig\Writer;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\ConsoleException;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Setup\ConfigOptions;

class ConfigSetCommand extends Command
{
    public function __construct(
        private readonly ConfigOptions $options,
        private readonly Writer $writer,
    ) {
    }

    public function signature(): Signature
    {
        $signature = new Signature('setup:config:set', 'Creates or modifies the deployment configuration');
        $this->options->declare($signature);
        return $signature;
    }

    public function run(Input $input, Output $output): int
    {
        $errors = $this->options->validate($input);
        if ($errors !== []) {
            throw new ConsoleException(implode("\n", $errors));
        }
        $values = $this->options->values($input);
        $this->writer->saveValues(DeploymentConfig::ENV, $values);
        $output->writeln($values === []
            ? '<info>You made no changes to the configuration.</info>'
            : '<info>You saved the new configuration.</info>');
        return self::SUCCESS;
    }
}
