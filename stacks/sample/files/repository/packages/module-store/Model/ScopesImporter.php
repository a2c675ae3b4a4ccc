<?php

declare(strict_types=1);

namespace Shopkeeper\Store\Model;

use Shopkeeper\Framework\Config\ConfigSectionImporterInterface;
use Shopkeeper\Framework\Db\Connection;

/** Brings websites, groups and stores of config.php into the database. It adds and changes, and never deletes. */
class ScopesImporter implements ConfigSectionImporterInterface
{
    public const TABLES = ['websites' => 'store_website', 'groups' => 'store_group', 'stores' => 'store'];

    public function __construct(private readonly Connection $connection)
    {
    }

    public function import(array $data): array
    {
        return $this->connection->transaction(function () use ($data): array {
            $done = [];
            foreach (self::TABLES as $kind => $table) {
                foreach ((array)($data[$kind] ?? []) as $row) {
                    // The admin scope has the ids 0 and is always there.
                    if (($row['code'] ?? '') === 'admin' || (int)($row['website_id'] ?? 1) === 0) {
                        continue;
                    }
                    $this->connection->insertOnDuplicate($table, $row);
                    $done[$kind] = ($done[$kind] ?? 0) + 1;
                }
            }
            return array_map(static fn (string $kind, int $count) => sprintf('%d %s were processed', $count, $kind), array_keys($done), $done);
        });
    }
}
