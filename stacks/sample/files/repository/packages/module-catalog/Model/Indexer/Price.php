<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model\Indexer;

class Price extends AbstractTableIndexer
{
    protected function write(string $in, array $bind): void
    {
        $price = $this->attributes->get('catalog_product', 'price')->id;
        $special = $this->attributes->get('catalog_product', 'special_price')->id;
        $this->replace(
            'catalog_product_index_price',
            'entity_id',
            $in,
            "SELECT e.entity_id, p.value, LEAST(p.value, COALESCE(s.value, p.value))
             FROM {$this->table('catalog_product_entity')} e
             JOIN {$this->table('catalog_product_entity_decimal')} p ON p.entity_id = e.entity_id AND p.attribute_id = $price AND p.store_id = 0
             LEFT JOIN {$this->table('catalog_product_entity_decimal')} s ON s.entity_id = e.entity_id AND s.attribute_id = $special AND s.store_id = 0"
             . ($in === '' ? '' : " WHERE e.entity_id IN $in"),
            $bind
        );
    }
}
