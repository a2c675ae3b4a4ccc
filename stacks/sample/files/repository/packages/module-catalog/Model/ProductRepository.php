<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model;

use Shopkeeper\Eav\Model\ValueStorage;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Store\Model\StoreManager;

class ProductRepository
{
    public function __construct(
        private readonly Connection $connection,
        private readonly ValueStorage $values,
        private readonly StoreManager $stores,
    ) {
    }

    public function byId(int $id): ?Product
    {
        return $this->byIds([$id])[$id] ?? null;
    }

    public function bySku(string $sku): ?Product
    {
        $id = $this->connection->fetchOne("SELECT entity_id FROM {$this->table('catalog_product_entity')} WHERE sku = ?", [$sku]);
        return $id === null ? null : $this->byId((int)$id);
    }

    /**
     * @param int[] $ids
     * @return array<int, Product> in the order of the ids
     */
    public function byIds(array $ids): array
    {
        if ($ids === []) {
            return [];
        }
        $in = $this->connection->in($ids);
        $rows = $this->connection->fetchAll(
            "SELECT e.*, s.qty, s.is_in_stock, s.manage_stock, s.max_sale_qty
             FROM {$this->table('catalog_product_entity')} e
             LEFT JOIN {$this->table('cataloginventory_stock_item')} s ON s.product_id = e.entity_id
             WHERE e.entity_id IN $in",
            array_values($ids)
        );
        $values = $this->values->load(Product::TYPE, $ids, $this->stores->current()->id);
        $galleries = $this->galleries($ids);
        $options = $this->options(array_map('intval', array_column(array_filter($rows, static fn (array $row) => (int)$row['has_options'] === 1), 'entity_id')));
        $products = array_fill_keys($ids, null);
        foreach ($rows as $row) {
            $id = (int)$row['entity_id'];
            $products[$id] = new Product(
                $id,
                $row['sku'],
                $values[$id] ?? [],
                (float)$row['qty'],
                (bool)$row['is_in_stock'] && (!$row['manage_stock'] || (float)$row['qty'] > 0),
                (float)$row['max_sale_qty'],
                $galleries[$id] ?? [],
                $options[$id] ?? [],
                $row['created_at'],
                $row['updated_at']
            );
        }
        return array_filter($products);
    }

    /** @return array<int, ProductImage[]> */
    private function galleries(array $ids): array
    {
        $galleries = [];
        $rows = $this->connection->query(
            "SELECT entity_id, value, label FROM {$this->table('catalog_product_entity_media_gallery')}
             WHERE entity_id IN {$this->connection->in($ids)} AND disabled = 0 ORDER BY position, value_id",
            array_values($ids)
        );
        foreach ($rows as $row) {
            $galleries[(int)$row['entity_id']][] = new ProductImage('catalog/product' . $row['value'], (string)$row['label']);
        }
        return $galleries;
    }

    /** @return array<int, ProductOption[]> */
    private function options(array $ids): array
    {
        if ($ids === []) {
            return [];
        }
        $rows = $this->connection->query(
            "SELECT o.product_id, o.option_id, o.title, o.is_require, v.option_type_id, v.title value_title, v.price, v.sku
             FROM {$this->table('catalog_product_option')} o
             JOIN {$this->table('catalog_product_option_type_value')} v ON v.option_id = o.option_id
             WHERE o.product_id IN {$this->connection->in($ids)}
             ORDER BY o.sort_order, o.option_id, v.sort_order, v.option_type_id",
            $ids
        );
        $found = [];
        foreach ($rows as $row) {
            $option = &$found[(int)$row['product_id']][(int)$row['option_id']];
            $option['title'] = $row['title'];
            $option['required'] = (bool)$row['is_require'];
            $option['values'][(int)$row['option_type_id']] = [
                'title' => $row['value_title'],
                'price' => (float)$row['price'],
                'sku' => (string)$row['sku'],
            ];
            unset($option);
        }
        return array_map(static fn (array $options) => array_map(
            static fn (int $id, array $o) => new ProductOption($id, $o['title'], $o['required'], $o['values']),
            array_keys($options),
            $options
        ), $found);
    }

    private function table(string $name): string
    {
        return $this->connection->table($name);
    }
}
