<?php

declare(strict_types=1);

namespace Shopkeeper\Checkout\Model;

use Shopkeeper\Catalog\Model\Product;

final class CartItem
{
    /** @param array<int, int> $choices option id => value id */
    public function __construct(
        public readonly int $id,
        public readonly Product $product,
        public readonly int $qty,
        public readonly array $choices,
    ) {
    }

    public function price(): float
    {
        $price = $this->product->finalPrice();
        foreach ($this->product->options as $option) {
            $price += $option->values[$this->choices[$option->id] ?? 0]['price'] ?? 0.0;
        }
        return $price;
    }

    public function total(): float
    {
        return round($this->price() * $this->qty, 2);
    }

    public function sku(): string
    {
        $sku = $this->product->sku;
        foreach ($this->product->options as $option) {
            $part = $option->values[$this->choices[$option->id] ?? 0]['sku'] ?? '';
            $sku .= $part === '' ? '' : '-' . $part;
        }
        return $sku;
    }

    /** @return array<string, string> title => value */
    public function options(): array
    {
        $options = [];
        foreach ($this->product->options as $option) {
            $value = $option->values[$this->choices[$option->id] ?? 0] ?? null;
            if ($value !== null) {
                $options[$option->title] = $value['title'];
            }
        }
        return $options;
    }
}
