<?php

declare(strict_types=1);

namespace Shopkeeper\MessageQueue\Model;

use Shopkeeper\Framework\Db\Connection;

class Publisher
{
    public function __construct(
        private readonly ConsumerConfig $config,
        private readonly Connection $connection,
    ) {
    }

    public function publish(string $topic, array $body): void
    {
        $queues = $this->config->queuesOf($topic);
        $this->connection->transaction(function () use ($topic, $body, $queues): void {
            $message = $this->connection->insert('queue_message', [
                'topic_name' => $topic,
                'body' => json_encode($body, JSON_THROW_ON_ERROR),
            ]);
            foreach ($queues as $queue) {
                $this->connection->insert('queue_message_status', [
                    'queue_id' => $this->queueId($queue),
                    'message_id' => $message,
                    'status' => Status::NEW,
                ]);
            }
        });
    }

    private function queueId(string $name): int
    {
        $this->connection->insertMultiple('queue', [['name' => $name]], ignore: true);
        return (int)$this->connection->fetchOne("SELECT id FROM {$this->connection->table('queue')} WHERE name = ?", [$name]);
    }
}
