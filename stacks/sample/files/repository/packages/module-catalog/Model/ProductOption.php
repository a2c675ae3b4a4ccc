<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model;

/** A choice a customer makes on the product page. */
final class ProductOption
{
    /** @param array<int, array{title: string, price: float, sku: string}> $values by id */
    public function __construct(
        public readonly int $id,
        public readonly string $title,
        public readonly bool $required,
        public readonly array $values,
    ) {
    }
}
