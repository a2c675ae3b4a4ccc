<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model\Indexer;

/** Options of filterable attributes. */
class ProductAttribute extends AbstractTableIndexer
{
    protected function write(string $in, array $bind): void
    {
        $this->replace(
            'catalog_product_index_eav',
            'entity_id',
            $in,
            "SELECT DISTINCT v.entity_id, v.attribute_id, v.value
             FROM {$this->table('catalog_product_entity_int')} v
             JOIN {$this->table('eav_attribute')} a ON a.attribute_id = v.attribute_id AND a.is_filterable = 1 AND a.frontend_input = 'select'
             WHERE v.store_id = 0 AND v.value IS NOT NULL" . ($in === '' ? '' : " AND v.entity_id IN $in"),
            $bind
        );
    }
}
