<?php

declare(strict_types=1);

namespace Shopkeeper\Checkout\Model;

final class Cart
{
    /** @param CartItem[] $items */
    public function __construct(
        public readonly ?int $quoteId,
        public readonly array $items,
    ) {
    }

    public function isEmpty(): bool
    {
        return $this->items === [];
    }

    public function count(): int
    {
        return array_sum(array_map(static fn (CartItem $item) => $item->qty, $this->items));
    }

    public function subtotal(): float
    {
        return array_sum(array_map(static fn (CartItem $item) => $item->total(), $this->items));
    }
}
