<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup;

use Shopkeeper\Framework\Db\Connection;

class DatabaseCleaner
{
    public function __construct(private readonly Connection $connection)
    {
    }

    /** Drops every table that carries this installation's prefix. */
    public function clean(): void
    {
        $tables = $this->connection->fetchCol(
            "SELECT TABLE_NAME FROM information_schema.TABLES
             WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE' AND LEFT(TABLE_NAME, ?) = ?",
            [mb_strlen($this->connection->table('')), $this->connection->table('')]
        );
        $this->connection->raw('SET FOREIGN_KEY_CHECKS = 0');
        foreach ($tables as $table) {
            $this->connection->raw('DROP TABLE IF EXISTS ' . $this->connection->quoted($table));
        }
        $this->connection->raw('SET FOREIGN_KEY_CHECKS = 1');
    }
}
