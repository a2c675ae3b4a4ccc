<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model;

use Shopkeeper\Eav\Model\ValueStorage;
use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Indexer\Model\IndexManager;

/** Changes products, and tells indexes and caches. */
class ProductWriter
{
    public function __construct(
        private readonly Connection $connection,
        private readonly ValueStorage $values,
        private readonly IndexManager $indexes,
        private readonly Cache $cache,
    ) {
    }

    /** @param array<string, mixed> $values attribute code => value */
    public function save(int $id, array $values, ?float $qty = null): void
    {
        $this->connection->transaction(function () use ($id, $values, $qty): void {
            $this->values->save(Product::TYPE, $id, $values);
            $this->connection->update('catalog_product_entity', ['updated_at' => gmdate('Y-m-d H:i:s')], ['entity_id' => $id]);
            if ($qty !== null) {
                $this->connection->update('cataloginventory_stock_item', ['qty' => $qty, 'is_in_stock' => (int)($qty > 0)], ['product_id' => $id]);
            }
        });
        $this->changed([$id]);
    }

    /** @param int[] $ids */
    public function changed(array $ids): void
    {
        $this->indexes->changed($ids);
        $this->cache->cleanTags(array_map(static fn (int $id) => 'cat_p_' . $id, $ids));
    }

    /** Takes sold pieces out of stock; false when there are not enough. */
    public function takeFromStock(int $id, float $qty): bool
    {
        return $this->connection->query(
            "UPDATE {$this->connection->table('cataloginventory_stock_item')}
             SET is_in_stock = IF(manage_stock = 1 AND qty - :taken <= 0, 0, is_in_stock), qty = qty - :qty
             WHERE product_id = :id AND is_in_stock = 1 AND (manage_stock = 0 OR qty >= :needed)",
            ['taken' => $qty, 'qty' => $qty, 'id' => $id, 'needed' => $qty]
        )->rowCount() === 1;
    }
}
