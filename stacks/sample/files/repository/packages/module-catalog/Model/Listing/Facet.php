<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model\Listing;

/** A filter that can be narrowed further. */
final class Facet
{
    /** @param array<int, array{label: string, value: string, count: int}> $choices */
    public function __construct(
        public readonly string $name,
        public readonly string $label,
        public readonly array $choices,
    ) {
    }
}
