<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup\Schema;

final class Index
{
    public const PRIMARY = 'PRIMARY';

    /** @param string[] $columns */
    public function __construct(
        public readonly string $name,
        public readonly array $columns,
        public readonly bool $unique,
    ) {
    }

    public function equals(self $other): bool
    {
        return $this->columns === $other->columns && $this->unique === $other->unique;
    }

    public function sql(): string
    {
        $columns = '(`' . implode('`, `', $this->columns) . '`)';
        return match (true) {
            $this->name === self::PRIMARY => 'PRIMARY KEY ' . $columns,
            $this->unique => 'UNIQUE KEY `' . $this->name . '` ' . $columns,
            default => 'KEY `' . $this->name . '` ' . $columns,
        };
    }
}
