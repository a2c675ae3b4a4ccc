<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model\Listing;

use Shopkeeper\Catalog\Model\Product;
use Shopkeeper\Eav\Model\AttributeRepository;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Store\Model\StoreManager;

/** Products of a category, from the index tables. */
class CategorySource implements SourceInterface
{
    public function __construct(
        private readonly Connection $connection,
        private readonly AttributeRepository $attributes,
        private readonly Filters $filters,
        private readonly StoreManager $stores,
        private readonly int $categoryId,
    ) {
    }

    public function sortings(): array
    {
        return ['position' => __('Our order'), 'name' => __('Name'), 'price' => __('Price, low to high'), 'price_desc' => __('Price, high to low')];
    }

    public function find(array $options, ?array $price, string $sorting, int $offset, int $limit): array
    {
        [$from, $bind] = $this->selection($options, $price);
        $order = match ($sorting) {
            'name' => 'name, c.product_id',
            'price' => 'p.final_price, c.product_id',
            'price_desc' => 'p.final_price DESC, c.product_id',
            default => 'c.position, c.product_id',
        };
        $nameId = $this->attributes->get(Product::TYPE, 'name')->id;
        $ids = $this->connection->fetchCol(
            "SELECT c.product_id, (SELECT value FROM {$this->table('catalog_product_entity_varchar')} n
                WHERE n.entity_id = c.product_id AND n.attribute_id = $nameId AND n.store_id IN (0, {$this->stores->current()->id})
                ORDER BY n.store_id DESC LIMIT 1) name
             $from ORDER BY $order LIMIT $limit OFFSET $offset",
            $bind
        );
        return [
            'ids' => array_map('intval', $ids),
            'total' => (int)$this->connection->fetchOne("SELECT COUNT(*) $from", $bind),
            'options' => $this->optionCounts($options, $price),
            'prices' => array_map('intval', $this->connection->fetchPairs(
                'SELECT FLOOR(p.final_price / ' . ListingBuilder::PRICE_STEP . ') * ' . ListingBuilder::PRICE_STEP . " step, COUNT(*) $from GROUP BY step",
                $bind
            )),
        ];
    }

    /** @return array<string, array<int, int>> */
    private function optionCounts(array $options, ?array $price): array
    {
        [$from, $bind] = $this->selection($options, $price);
        $rows = $this->connection->fetchAll(
            "SELECT e.attribute_id, e.value, COUNT(DISTINCT c.product_id) n
             FROM {$this->table('catalog_product_index_eav')} e JOIN (SELECT c.product_id $from) c ON c.product_id = e.entity_id
             GROUP BY e.attribute_id, e.value",
            $bind
        );
        $codes = [];
        foreach ($this->filters->attributes() as $code => $attribute) {
            $codes[$attribute->id] = $code;
        }
        $counts = [];
        foreach ($rows as $row) {
            if (isset($codes[$row['attribute_id']])) {
                $counts[$codes[$row['attribute_id']]][(int)$row['value']] = (int)$row['n'];
            }
        }
        return $counts;
    }

    /** @return array{0: string, 1: array} FROM and WHERE with their values */
    private function selection(array $options, ?array $price): array
    {
        $sql = "FROM {$this->table('catalog_category_product_index')} c
                JOIN {$this->table('catalog_product_index_price')} p ON p.entity_id = c.product_id";
        $where = ' WHERE c.category_id = ?';
        $join = [];
        foreach ($options as $code => $option) {
            $alias = 'f' . count($join);
            $sql .= " JOIN {$this->table('catalog_product_index_eav')} $alias ON $alias.entity_id = c.product_id AND $alias.attribute_id = ? AND $alias.value = ?";
            $join[] = [$this->filters->attributes()[$code]->id, $option];
        }
        $bind = array_merge([], ...$join);
        $bind[] = $this->categoryId;
        if ($price !== null) {
            $where .= ' AND p.final_price >= ?' . ($price[1] === null ? '' : ' AND p.final_price < ?');
            array_push($bind, ...array_values(array_filter($price, static fn ($bound) => $bound !== null)));
        }
        return [$sql . $where, $bind];
    }

    private function table(string $name): string
    {
        return $this->connection->table($name);
    }
}
