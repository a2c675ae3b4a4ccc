<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup\Schema;

/** One column, in the one form that declared and live columns are compared in. */
final class Column
{
    public function __construct(
        public readonly string $name,
        public readonly string $type,
        public readonly bool $nullable,
        public readonly ?string $default,
        public readonly bool $identity = false,
        public readonly bool $onUpdateNow = false,
        public readonly string $comment = '',
    ) {
    }

    public function equals(self $other): bool
    {
        return $this->type === $other->type
            && $this->nullable === $other->nullable
            && $this->default === $other->default
            && $this->identity === $other->identity
            && $this->onUpdateNow === $other->onUpdateNow;
    }

    public function sql(): string
    {
        $sql = '`' . $this->name . '` ' . $this->type . ($this->nullable ? ' NULL' : ' NOT NULL');
        if ($this->default !== null) {
            $sql .= ' DEFAULT ' . ($this->default === 'CURRENT_TIMESTAMP'
                ? $this->default
                : "'" . str_replace("'", "''", $this->default) . "'");
        } elseif ($this->nullable) {
            $sql .= ' DEFAULT NULL';
        }
        return $sql
            . ($this->onUpdateNow ? ' ON UPDATE CURRENT_TIMESTAMP' : '')
            . ($this->identity ? ' AUTO_INCREMENT' : '')
            . ($this->comment === '' ? '' : " COMMENT '" . str_replace("'", "''", $this->comment) . "'");
    }
}
