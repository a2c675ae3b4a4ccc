<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Lock;

use Shopkeeper\Framework\Db\Connection;

/** Named locks of the database server. They end with the process that holds them. */
class LockManager
{
    public function __construct(private readonly Connection $connection)
    {
    }

    public function lock(string $name, int $waitSeconds = 0): bool
    {
        return (int)$this->connection->fetchOne('SELECT GET_LOCK(?, ?)', [$this->full($name), $waitSeconds]) === 1;
    }

    public function unlock(string $name): void
    {
        $this->connection->query('SELECT RELEASE_LOCK(?)', [$this->full($name)]);
    }

    /** Locks of one server are shared by all its databases. */
    private function full(string $name): string
    {
        return substr(hash('sha256', $this->connection->databaseName() . '.' . $this->connection->table($name)), 0, 60);
    }
}
