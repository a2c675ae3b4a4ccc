<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model;

use Shopkeeper\Eav\Model\AttributeRepository;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Store\Model\StoreManager;

/** What a product page shows beside the product itself. */
class ProductDetails
{
    private const RELATED = 4;

    public function __construct(
        private readonly Connection $connection,
        private readonly AttributeRepository $attributes,
        private readonly ProductRepository $products,
        private readonly StoreManager $stores,
    ) {
    }

    /** @return array<string, string> label => value of attributes that are shown */
    public function facts(Product $product): array
    {
        $facts = [];
        foreach ($this->attributes->all(Product::TYPE) as $attribute) {
            $value = $product->value($attribute->code);
            if (!$attribute->visible || $value === null || $value === '') {
                continue;
            }
            $facts[__($attribute->label)] = match (true) {
                $attribute->hasOptions() => __($this->attributes->options($attribute, $this->stores->current()->id)[(int)$value] ?? ''),
                $attribute->input === 'weight' => rtrim(rtrim(number_format((float)$value, 2), '0'), '.') . ' kg',
                default => (string)$value,
            };
        }
        return array_filter($facts, static fn (string $value) => $value !== '');
    }

    public function categoryId(Product $product): ?int
    {
        $id = $this->connection->fetchOne(
            "SELECT i.category_id FROM {$this->connection->table('catalog_category_product_index')} i
             JOIN {$this->connection->table('catalog_category_entity')} c ON c.entity_id = i.category_id
             WHERE i.product_id = ? AND c.level > 1 ORDER BY c.level DESC, i.category_id LIMIT 1",
            [$product->id]
        );
        return $id === null ? null : (int)$id;
    }

    /** @return Product[] neighbours in the same category, those after this one first */
    public function related(Product $product): array
    {
        $category = $this->categoryId($product);
        if ($category === null) {
            return [];
        }
        $ids = $this->connection->fetchCol(
            "SELECT product_id FROM {$this->connection->table('catalog_category_product_index')}
             WHERE category_id = ? AND product_id <> ? ORDER BY product_id < ?, product_id LIMIT " . self::RELATED,
            [$category, $product->id, $product->id]
        );
        return array_values($this->products->byIds(array_map('intval', $ids)));
    }
}
