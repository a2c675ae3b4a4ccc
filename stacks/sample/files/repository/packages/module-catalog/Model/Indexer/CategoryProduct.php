<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model\Indexer;

/** Which products a category shows: its own and those of the categories below it. */
class CategoryProduct extends AbstractTableIndexer
{
    protected function write(string $in, array $bind): void
    {
        $this->replace(
            'catalog_category_product_index',
            'product_id',
            $in,
            "SELECT parent.entity_id, cp.product_id, MIN(cp.position)
             FROM {$this->table('catalog_category_product')} cp
             JOIN {$this->table('catalog_category_entity')} own ON own.entity_id = cp.category_id
             JOIN {$this->table('catalog_category_entity')} parent
               ON own.path = parent.path OR own.path LIKE CONCAT(parent.path, '/%')
             WHERE parent.level > 0 AND {$this->isShown('cp.product_id')}" . ($in === '' ? '' : " AND cp.product_id IN $in") . '
             GROUP BY parent.entity_id, cp.product_id',
            $bind
        );
    }
}
