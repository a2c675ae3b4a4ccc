<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup\Schema;

use Shopkeeper\Framework\Db\Connection;

/**
 * What has to be done to the live schema. Columns and tables that nobody declares stay: data goes only
 * where a module says disabled="true". Foreign keys come last, when every table is there.
 */
class Diff
{
    public function __construct(
        private readonly DeclaredSchema $declared,
        private readonly LiveSchema $live,
        private readonly Connection $connection,
    ) {
    }

    /** @return array<int, array{table: string, sql: string}> */
    public function statements(): array
    {
        $declared = $this->declared->tables();
        $live = $this->live->tables(array_keys($declared));
        $statements = $foreignKeys = [];
        foreach ($declared as $name => $table) {
            $existing = $live[$name] ?? null;
            if ($existing === null) {
                $statements[] = ['table' => $name, 'sql' => $table->createSql()];
            } else {
                foreach ($this->changes($table, $existing) as $change) {
                    $statements[] = ['table' => $name, 'sql' => $this->alter($name) . $change];
                }
            }
            foreach ($table->foreignKeys as $key) {
                $old = $existing?->foreignKeys[$key->name] ?? null;
                if ($old === null || !$key->equals($old)) {
                    if ($old !== null) {
                        $statements[] = ['table' => $name, 'sql' => $this->alter($name) . 'DROP FOREIGN KEY ' . $this->connection->quoted($key->name)];
                    }
                    $foreignKeys[] = ['table' => $name, 'sql' => $this->alter($name) . 'ADD ' . $key->sql()];
                }
            }
        }
        return array_merge($statements, $foreignKeys);
    }

    /** @return iterable<string> */
    private function changes(Table $declared, Table $live): iterable
    {
        $after = 'FIRST';
        foreach ($declared->columns as $name => $column) {
            $existing = $live->columns[$name] ?? null;
            if ($existing === null) {
                yield 'ADD COLUMN ' . $column->sql() . ' ' . $after;
            } elseif (!$column->equals($existing)) {
                yield 'MODIFY COLUMN ' . $column->sql();
            }
            $after = 'AFTER ' . $this->connection->quoted($name);
        }
        foreach ($declared->indexes as $name => $index) {
            $existing = $live->indexes[$name] ?? null;
            if ($existing !== null && $index->equals($existing)) {
                continue;
            }
            $drop = match (true) {
                $existing === null => '',
                $name === Index::PRIMARY => 'DROP PRIMARY KEY, ',
                default => 'DROP INDEX ' . $this->connection->quoted($name) . ', ',
            };
            yield $drop . 'ADD ' . $index->sql();
        }
        foreach (array_keys($declared->dropped) as $name) {
            if (isset($live->columns[$name])) {
                yield 'DROP COLUMN ' . $this->connection->quoted($name);
            }
        }
    }

    private function alter(string $table): string
    {
        return 'ALTER TABLE ' . $this->connection->quoted($table) . ' ';
    }
}
