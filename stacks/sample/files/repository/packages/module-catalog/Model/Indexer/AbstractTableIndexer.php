<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model\Indexer;

use Shopkeeper\Eav\Model\AttributeRepository;
use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Indexer\Model\IndexerInterface;

/** An index that is one table, written by one INSERT … SELECT in one transaction, so that no page sees it half. */
abstract class AbstractTableIndexer implements IndexerInterface
{
    public function __construct(
        protected readonly Connection $connection,
        protected readonly AttributeRepository $attributes,
        private readonly Cache $cache,
    ) {
    }

    public function rebuildAll(): void
    {
        $this->write('', []);
        $this->cache->cleanTags(['cat_p', 'cat_c']);
    }

    public function rebuild(array $ids): void
    {
        $this->write($this->connection->in($ids), array_values($ids));
        $this->cache->cleanTags(['cat_c', ...array_map(static fn (int $id) => 'cat_p_' . $id, $ids)]);
    }

    /** @param string $in an SQL list of product ids, or nothing for all */
    abstract protected function write(string $in, array $bind): void;

    protected function table(string $name): string
    {
        return $this->connection->table($name);
    }

    protected function replace(string $table, string $column, string $in, string $insert, array $bind): void
    {
        $this->connection->transaction(function () use ($table, $column, $in, $insert, $bind): void {
            $this->connection->query("DELETE FROM {$this->table($table)}" . ($in === '' ? '' : " WHERE $column IN $in"), $bind);
            $this->connection->query("INSERT INTO {$this->table($table)} $insert", $bind);
        });
    }

    /** A condition that is true for products that are switched on and visible. */
    protected function isShown(string $idColumn): string
    {
        $conditions = [];
        foreach (['status', 'visibility'] as $code) {
            $id = $this->attributes->get('catalog_product', $code)->id;
            $conditions[] = "EXISTS (SELECT 1 FROM {$this->table('catalog_product_entity_int')} a
                WHERE a.entity_id = $idColumn AND a.attribute_id = $id AND a.store_id = 0 AND a.value = 1)";
        }
        return implode(' AND ', $conditions);
    }
}
