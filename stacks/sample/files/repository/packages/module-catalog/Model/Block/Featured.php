<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model\Block;

use Shopkeeper\Catalog\Model\Product;
use Shopkeeper\Catalog\Model\ProductRepository;
use Shopkeeper\Eav\Model\AttributeRepository;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\View\BlockDataInterface;
use Shopkeeper\Framework\View\PageTags;

/** Products with the attribute "featured"; without such an attribute there are none. */
class Featured implements BlockDataInterface
{
    private const COUNT = 8;

    public function __construct(
        private readonly Connection $connection,
        private readonly AttributeRepository $attributes,
        private readonly ProductRepository $products,
        private readonly PageTags $tags,
    ) {
    }

    public function data(array $context): array
    {
        $this->tags->add('cat_p');
        $attribute = $this->attributes->all(Product::TYPE)['featured'] ?? null;
        if ($attribute === null) {
            return ['products' => []];
        }
        $ids = $this->connection->fetchCol(
            "SELECT DISTINCT v.entity_id FROM {$this->connection->table('catalog_product_entity_int')} v
             JOIN {$this->connection->table('catalog_category_product_index')} i ON i.product_id = v.entity_id
             WHERE v.attribute_id = ? AND v.store_id = 0 AND v.value = 1 ORDER BY v.entity_id LIMIT " . self::COUNT,
            [$attribute->id]
        );
        return ['products' => array_values($this->products->byIds(array_map('intval', $ids)))];
    }
}
