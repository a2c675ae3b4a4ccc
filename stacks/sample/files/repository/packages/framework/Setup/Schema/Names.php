<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup\Schema;

/** Names of keys follow from what they hold, so declared and live ones meet without a register. */
final class Names
{
    private const LIMIT = 64;

    /** @param string[] $columns */
    public static function index(string $table, array $columns): string
    {
        return self::limited(implode('_', array_merge([$table], $columns)), 'IDX_');
    }

    public static function foreignKey(string $table, string $column, string $referenceTable, string $referenceColumn): string
    {
        return self::limited(implode('_', [$table, $column, $referenceTable, $referenceColumn]), 'FK_');
    }

    private static function limited(string $name, string $prefix): string
    {
        $name = strtoupper($name);
        return strlen($name) <= self::LIMIT ? $name : $prefix . strtoupper(md5($name));
    }
}
