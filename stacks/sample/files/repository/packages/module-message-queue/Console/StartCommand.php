<?php

declare(strict_types=1);

namespace Shopkeeper\MessageQueue\Console;

use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\ConsoleException;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Lock\LockManager;
use Shopkeeper\MessageQueue\Model\ConsumerConfig;
use Shopkeeper\MessageQueue\Model\ConsumerFactory;

class StartCommand extends Command
{
    public function __construct(
        private readonly ConsumerConfig $config,
        private readonly ConsumerFactory $consumers,
        private readonly LockManager $locks,
    ) {
    }

    public function signature(): Signature
    {
        return (new Signature('queue:consumers:start', 'Start MessageQueue consumer'))
            ->argument('consumer', 'The name of the consumer to be started.', true)
            ->option('max-messages', 'The number of messages to be processed by the consumer before process termination.')
            ->option('batch-size', 'Accepted for compatibility')
            ->option('area-code', 'Accepted for compatibility')
            ->flag('single-thread', 'This option prevents running multiple copies of one consumer simultaneously.')
            ->optional('multi-process', 'The number of this process, of several of one consumer.')
            ->option('pid-file-path', 'Deprecated, use --single-thread instead');
    }

    public function run(Input $input, Output $output): int
    {
        $name = (string)$input->argument('consumer');
        $definition = $this->config->consumers()[$name] ?? throw new ConsoleException(sprintf(
            "consumer \"%s\" is not known. Consumers:\n%s",
            $name,
            implode("\n", array_keys($this->config->consumers()))
        ));
        $lock = match (true) {
            $input->option('single-thread') || $input->option('pid-file-path') => 'consumer_' . $name,
            $input->option('multi-process') !== null => 'consumer_' . $name . '_' . $input->option('multi-process'),
            default => null,
        };
        if ($lock !== null && !$this->locks->lock($lock)) {
            $output->writeln('<error>Consumer with the same name is running</error>');
            return self::FAILURE;
        }
        $max = $input->option('max-messages');
        $this->consumers->create($definition)->run($max === null ? null : (int)$max);
        if ($lock !== null) {
            $this->locks->unlock($lock);
        }
        return self::SUCCESS;
    }
}
