<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model;

final class Product
{
    public const TYPE = 'catalog_product';

    /**
     * @param array<string, mixed> $values attribute code => value
     * @param ProductImage[] $gallery
     * @param ProductOption[] $options
     */
    public function __construct(
        public readonly int $id,
        public readonly string $sku,
        public readonly array $values,
        public readonly float $qty,
        public readonly bool $inStock,
        public readonly float $maxQty,
        public readonly array $gallery,
        public readonly array $options,
        public readonly string $createdAt,
        public readonly string $updatedAt,
    ) {
    }

    public function value(string $attribute): mixed
    {
        return $this->values[$attribute] ?? null;
    }

    public function name(): string
    {
        return (string)$this->value('name');
    }

    public function price(): float
    {
        return (float)$this->value('price');
    }

    public function finalPrice(): float
    {
        $special = $this->value('special_price');
        return $special === null ? $this->price() : min($this->price(), (float)$special);
    }

    public function isReduced(): bool
    {
        return $this->finalPrice() < $this->price();
    }

    public function isNew(): bool
    {
        $from = $this->value('news_from_date');
        return $from !== null && strtotime($from . ' UTC') <= time();
    }

    public function isShown(): bool
    {
        return (bool)$this->value('status') && (bool)$this->value('visibility');
    }

    public function isSaleable(): bool
    {
        return (bool)$this->value('status') && $this->inStock;
    }

    public function path(): string
    {
        return $this->value('url_key') . '.html';
    }

    public function image(): ProductImage
    {
        return $this->gallery[0] ?? new ProductImage('catalog/product/placeholder.svg', $this->name());
    }

    public function tag(): string
    {
        return 'cat_p_' . $this->id;
    }
}
