<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup\Schema;

final class ForeignKey
{
    public function __construct(
        public readonly string $name,
        public readonly string $column,
        public readonly string $referenceTable,
        public readonly string $referenceColumn,
        public readonly string $onDelete,
    ) {
    }

    public function equals(self $other): bool
    {
        return [$this->column, $this->referenceTable, $this->referenceColumn, $this->rule()]
            === [$other->column, $other->referenceTable, $other->referenceColumn, $other->rule()];
    }

    public function sql(): string
    {
        return sprintf(
            'CONSTRAINT `%s` FOREIGN KEY (`%s`) REFERENCES `%s` (`%s`) ON DELETE %s',
            $this->name,
            $this->column,
            $this->referenceTable,
            $this->referenceColumn,
            $this->onDelete
        );
    }

    /** Servers report the default rule as RESTRICT or as NO ACTION, which are the same. */
    private function rule(): string
    {
        return $this->onDelete === 'RESTRICT' ? 'NO ACTION' : $this->onDelete;
    }
}
