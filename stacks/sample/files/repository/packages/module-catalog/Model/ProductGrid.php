<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model;

use Shopkeeper\Eav\Model\AttributeRepository;
use Shopkeeper\Framework\Db\Connection;

/** All products for the back office, also those that are switched off. */
class ProductGrid
{
    public function __construct(
        private readonly Connection $connection,
        private readonly AttributeRepository $attributes,
        private readonly ProductRepository $products,
    ) {
    }

    /** @return array{products: Product[], total: int} */
    public function page(string $search, int $page, int $size): array
    {
        $from = "FROM {$this->connection->table('catalog_product_entity')} e";
        $bind = [];
        if ($search !== '') {
            $name = $this->attributes->get(Product::TYPE, 'name')->id;
            $from .= " LEFT JOIN {$this->connection->table('catalog_product_entity_varchar')} n
                ON n.entity_id = e.entity_id AND n.attribute_id = $name AND n.store_id = 0
                WHERE e.sku LIKE ? OR n.value LIKE ?";
            $bind = array_fill(0, 2, '%' . addcslashes($search, '%_\\') . '%');
        }
        $offset = ($page - 1) * $size;
        $ids = $this->connection->fetchCol("SELECT e.entity_id $from ORDER BY e.entity_id LIMIT $size OFFSET $offset", $bind);
        return [
            'products' => array_values($this->products->byIds(array_map('intval', $ids))),
            'total' => (int)$this->connection->fetchOne("SELECT COUNT(*) $from", $bind),
        ];
    }
}
