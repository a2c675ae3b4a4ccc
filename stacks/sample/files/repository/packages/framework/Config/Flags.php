<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Config;

use Shopkeeper\Framework\Db\Connection;

/** Small facts that outlive a request, in the table "flag". */
class Flags
{
    public function __construct(private readonly Connection $connection)
    {
    }

    public function get(string $code): ?string
    {
        return $this->connection->fetchOne(
            'SELECT flag_data FROM ' . $this->connection->table('flag') . ' WHERE flag_code = ?',
            [$code]
        );
    }

    public function set(string $code, string $data): void
    {
        $this->connection->insertOnDuplicate('flag', ['flag_code' => $code, 'flag_data' => $data], ['flag_data']);
    }
}
