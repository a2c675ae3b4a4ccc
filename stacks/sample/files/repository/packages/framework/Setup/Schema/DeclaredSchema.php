<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup\Schema;

use RuntimeException;
use Shopkeeper\Framework\Config\XmlFiles;
use Shopkeeper\Framework\Db\Connection;
use SimpleXMLElement;

/** The tables that etc/db_schema.xml of all enabled modules ask for; modules may extend each other's. */
class DeclaredSchema
{
    private const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

    public function __construct(
        private readonly XmlFiles $files,
        private readonly Connection $connection,
    ) {
    }

    /** @return array<string, Table> */
    public function tables(): array
    {
        $tables = $disabled = [];
        foreach ($this->files->load('db_schema.xml') as $origin => $xml) {
            foreach ($xml->table as $node) {
                $name = $this->connection->table((string)$node['name']);
                if ((string)$node['disabled'] === 'true') {
                    $disabled[$name] = true;
                    continue;
                }
                $tables[$name] ??= new Table($name, (string)$node['comment']);
                $this->extend($tables[$name], $node, $origin);
            }
        }
        return array_diff_key($tables, $disabled);
    }

    private function extend(Table $table, SimpleXMLElement $node, string $origin): void
    {
        foreach ($node->column as $column) {
            $name = (string)$column['name'];
            if ((string)$column['disabled'] === 'true') {
                unset($table->columns[$name]);
                $table->dropped[$name] = true;
                continue;
            }
            $table->columns[$name] = $this->column($column, $table->name, $origin);
        }
        foreach ($node->constraint as $constraint) {
            $type = (string)$constraint->attributes(self::XSI)['type'];
            if ($type === 'foreign') {
                $this->foreignKey($table, $constraint);
                continue;
            }
            $columns = $this->columnNames($constraint);
            $index = $type === 'primary' ? Index::PRIMARY : Names::index($table->name, $columns);
            $table->indexes[$index] = new Index($index, $columns, true);
        }
        foreach ($node->index as $index) {
            $columns = $this->columnNames($index);
            $name = Names::index($table->name, $columns);
            $table->indexes[$name] = new Index($name, $columns, false);
        }
    }

    private function column(SimpleXMLElement $node, string $table, string $origin): Column
    {
        $kind = (string)$node->attributes(self::XSI)['type'];
        $unsigned = (string)$node['unsigned'] === 'true' ? ' unsigned' : '';
        $type = match ($kind) {
            'tinyint', 'smallint', 'int', 'bigint' => $kind . $unsigned,
            'boolean' => 'tinyint',
            'decimal' => sprintf('decimal(%d,%d)', (int)($node['precision'] ?? 10), (int)($node['scale'] ?? 0)) . $unsigned,
            'float', 'double', 'text', 'mediumtext', 'longtext', 'blob', 'mediumblob', 'longblob',
            'date', 'datetime', 'timestamp' => $kind,
            'varchar', 'varbinary' => $kind . '(' . (int)($node['length'] ?? 255) . ')',
            default => throw new RuntimeException(sprintf(
                '%s declares the column %s.%s with the unknown xsi:type "%s".',
                $origin,
                $table,
                $node['name'],
                $kind
            )),
        };
        $default = isset($node['default']) ? (string)$node['default'] : null;
        $default = match (true) {
            $default === 'CURRENT_TIMESTAMP' => $default,
            $kind === 'boolean' && $default !== null => $default === 'true' || $default === '1' ? '1' : '0',
            $kind === 'decimal' && $default !== null => number_format((float)$default, (int)($node['scale'] ?? 0), '.', ''),
            default => $default,
        };
        return new Column(
            (string)$node['name'],
            $type,
            (string)($node['nullable'] ?? 'true') !== 'false',
            $default,
            (string)$node['identity'] === 'true',
            (string)$node['on_update'] === 'true',
            (string)$node['comment']
        );
    }

    private function foreignKey(Table $table, SimpleXMLElement $node): void
    {
        $column = (string)$node['column'];
        $referenceTable = $this->connection->table((string)$node['referenceTable']);
        $referenceColumn = (string)$node['referenceColumn'];
        $name = Names::foreignKey($table->name, $column, $referenceTable, $referenceColumn);
        $onDelete = strtoupper((string)($node['onDelete'] ?? 'CASCADE'));
        $table->foreignKeys[$name] = new ForeignKey($name, $column, $referenceTable, $referenceColumn, $onDelete);
        // InnoDB makes an index for a foreign key by itself. Declared, it is found again with our name.
        $covered = array_filter($table->indexes, static fn (Index $index) => $index->columns[0] === $column);
        if ($covered === []) {
            $index = Names::index($table->name, [$column]);
            $table->indexes[$index] = new Index($index, [$column], false);
        }
    }

    /** @return string[] */
    private function columnNames(SimpleXMLElement $node): array
    {
        $names = [];
        foreach ($node->column as $column) {
            $names[] = (string)$column['name'];
        }
        return $names;
    }
}
