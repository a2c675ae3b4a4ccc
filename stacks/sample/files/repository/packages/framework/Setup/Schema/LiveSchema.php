<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup\Schema;

use Shopkeeper\Framework\Db\Connection;

/** The tables that the database has, as far as they interest. MariaDB and MySQL 8 describe the same column differently. */
class LiveSchema
{
    public function __construct(private readonly Connection $connection)
    {
    }

    /**
     * @param string[] $names
     * @return array<string, Table>
     */
    public function tables(array $names): array
    {
        $existing = $this->connection->fetchCol(
            'SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()'
        );
        $tables = [];
        foreach (array_intersect($names, $existing) as $name) {
            $tables[$name] = new Table($name);
        }
        $this->columns($tables);
        $this->indexes($tables);
        $this->foreignKeys($tables);
        return $tables;
    }

    /** @param array<string, Table> $tables */
    private function columns(array $tables): void
    {
        $rows = $this->connection->query(
            'SELECT TABLE_NAME t, COLUMN_NAME n, COLUMN_TYPE ty, IS_NULLABLE nu, COLUMN_DEFAULT d, EXTRA e
             FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, ORDINAL_POSITION'
        );
        foreach ($rows as $row) {
            if (!isset($tables[$row['t']])) {
                continue;
            }
            $extra = strtolower($row['e']);
            $tables[$row['t']]->columns[$row['n']] = new Column(
                $row['n'],
                $this->type($row['ty']),
                $row['nu'] === 'YES',
                $this->default($row['d']),
                str_contains($extra, 'auto_increment'),
                str_contains($extra, 'on update')
            );
        }
    }

    /** @param array<string, Table> $tables */
    private function indexes(array $tables): void
    {
        $rows = $this->connection->query(
            'SELECT TABLE_NAME t, INDEX_NAME i, COLUMN_NAME c, NON_UNIQUE nu
             FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX'
        );
        $found = [];
        foreach ($rows as $row) {
            $found[$row['t']][$row['i']]['unique'] = !(int)$row['nu'];
            $found[$row['t']][$row['i']]['columns'][] = $row['c'];
        }
        foreach (array_intersect_key($found, $tables) as $table => $indexes) {
            foreach ($indexes as $name => $index) {
                $tables[$table]->indexes[$name] = new Index($name, $index['columns'], $index['unique']);
            }
        }
    }

    /** @param array<string, Table> $tables */
    private function foreignKeys(array $tables): void
    {
        $rows = $this->connection->query(
            'SELECT k.TABLE_NAME t, k.CONSTRAINT_NAME n, k.COLUMN_NAME c, k.REFERENCED_TABLE_NAME rt,
                    k.REFERENCED_COLUMN_NAME rc, r.DELETE_RULE dr
             FROM information_schema.KEY_COLUMN_USAGE k
             JOIN information_schema.REFERENTIAL_CONSTRAINTS r
               ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
             WHERE k.TABLE_SCHEMA = DATABASE() AND k.REFERENCED_TABLE_NAME IS NOT NULL'
        );
        foreach ($rows as $row) {
            if (isset($tables[$row['t']])) {
                $tables[$row['t']]->foreignKeys[$row['n']]
                    = new ForeignKey($row['n'], $row['c'], $row['rt'], $row['rc'], $row['dr']);
            }
        }
    }

    private function type(string $type): string
    {
        return preg_replace('/^(tinyint|smallint|int|bigint)\(\d+\)/', '$1', strtolower($type));
    }

    private function default(?string $default): ?string
    {
        if ($default === null || strtoupper($default) === 'NULL') {
            return null;
        }
        if (preg_match('/^current_timestamp(\(\))?$/i', $default)) {
            return 'CURRENT_TIMESTAMP';
        }
        if (preg_match("/^'(.*)'$/s", $default, $quoted)) {
            return str_replace("''", "'", $quoted[1]);
        }
        return $default;
    }
}
