<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup\Schema;

final class Table
{
    /** @var array<string, Column> */
    public array $columns = [];

    /** @var array<string, Index> */
    public array $indexes = [];

    /** @var array<string, ForeignKey> */
    public array $foreignKeys = [];

    /** @var array<string, true> columns a module switched off with disabled="true" */
    public array $dropped = [];

    public function __construct(
        public readonly string $name,
        public string $comment = '',
    ) {
    }

    public function createSql(): string
    {
        $lines = array_map(
            static fn (Column|Index $part) => '  ' . $part->sql(),
            array_merge(array_values($this->columns), array_values($this->indexes))
        );
        return sprintf(
            "CREATE TABLE IF NOT EXISTS `%s` (\n%s\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci COMMENT='%s'",
            $this->name,
            implode(",\n", $lines),
            str_replace("'", "''", $this->comment)
        );
    }
}
