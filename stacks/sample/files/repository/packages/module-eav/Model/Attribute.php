<?php

declare(strict_types=1);

namespace Shopkeeper\Eav\Model;

final class Attribute
{
    public function __construct(
        public readonly int $id,
        public readonly string $code,
        public readonly string $type,
        public readonly string $input,
        public readonly string $label,
        public readonly bool $filterable,
        public readonly bool $searchable,
        public readonly bool $visible,
    ) {
    }

    public function hasOptions(): bool
    {
        return $this->input === 'select';
    }
}
