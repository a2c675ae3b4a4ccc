<?php

declare(strict_types=1);

namespace Shopkeeper\MessageQueue\Console;

use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\MessageQueue\Model\ConsumerConfig;

class ListCommand extends Command
{
    public function __construct(private readonly ConsumerConfig $config)
    {
    }

    public function signature(): Signature
    {
        return new Signature('queue:consumers:list', 'List of MessageQueue consumers');
    }

    public function run(Input $input, Output $output): int
    {
        $output->writeln(array_keys($this->config->consumers()));
        return self::SUCCESS;
    }
}
