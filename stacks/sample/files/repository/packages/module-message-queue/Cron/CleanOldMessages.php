<?php

declare(strict_types=1);

namespace Shopkeeper\MessageQueue\Cron;

use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\MessageQueue\Model\Status;

class CleanOldMessages
{
    private const KEEP_DAYS = 7;

    public function __construct(private readonly Connection $connection)
    {
    }

    public function execute(): void
    {
        $this->connection->query(
            "DELETE FROM {$this->connection->table('queue_message_status')}
             WHERE status IN (?, ?) AND updated_at < UTC_TIMESTAMP() - INTERVAL ? DAY",
            [Status::COMPLETE, Status::ERROR, self::KEEP_DAYS]
        );
        $this->connection->query(
            "DELETE m FROM {$this->connection->table('queue_message')} m
             LEFT JOIN {$this->connection->table('queue_message_status')} s ON s.message_id = m.id WHERE s.id IS NULL"
        );
    }
}
