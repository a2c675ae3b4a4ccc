<?php

declare(strict_types=1);

namespace Shopkeeper\Checkout\Cron;

use Shopkeeper\Framework\Db\Connection;

class CleanQuotes
{
    private const KEEP_DAYS = 30;

    public function __construct(private readonly Connection $connection)
    {
    }

    public function execute(): void
    {
        $this->connection->query(
            "DELETE FROM {$this->connection->table('quote')} WHERE updated_at < UTC_TIMESTAMP() - INTERVAL ? DAY",
            [self::KEEP_DAYS]
        );
    }
}
