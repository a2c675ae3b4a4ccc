<?php

declare(strict_types=1);

namespace Shopkeeper\MessageQueue\Setup;

use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Setup\RecurringInterface;
use Shopkeeper\MessageQueue\Model\ConsumerConfig;

/** Makes the queues that consumers listen to. */
class RegisterQueues implements RecurringInterface
{
    public function __construct(
        private readonly ConsumerConfig $config,
        private readonly Connection $connection,
    ) {
    }

    public function run(): void
    {
        $names = array_unique(array_column($this->config->consumers(), 'queue'));
        if ($names !== []) {
            $this->connection->insertMultiple('queue', array_map(static fn (string $name) => ['name' => $name], array_values($names)), ignore: true);
        }
    }
}
