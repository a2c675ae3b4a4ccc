<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model;

use Shopkeeper\Eav\Model\ValueStorage;
use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Store\Model\StoreManager;

class CategoryRepository
{
    /** @var array<int, Category>|null */
    private ?array $categories = null;

    public function __construct(
        private readonly Connection $connection,
        private readonly ValueStorage $values,
        private readonly StoreManager $stores,
        private readonly Cache $cache,
    ) {
    }

    public function byId(int $id): ?Category
    {
        return $this->all()[$id] ?? null;
    }

    /** @return Category[] what the menu shows below the store's root */
    public function menu(): array
    {
        $root = $this->stores->current()->rootCategoryId;
        return array_values(array_filter($this->all(), static fn (Category $c) => $c->parentId === $root && $c->active && $c->inMenu));
    }

    /** @return array<int, Category> in the order of the tree */
    public function all(): array
    {
        if ($this->categories === null) {
            $store = $this->stores->current()->id;
            $rows = $this->cache->remember(Cache::COLLECTIONS, 'categories_' . $store, fn () => $this->load($store), ['cat_c']);
            $this->categories = [];
            foreach ($rows as $row) {
                $this->categories[$row[0]] = new Category(...$row);
            }
        }
        return $this->categories;
    }

    private function load(int $store): array
    {
        $rows = $this->connection->fetchAll(
            "SELECT entity_id, parent_id, level FROM {$this->connection->table('catalog_category_entity')}
             WHERE level > 1 ORDER BY level, position, entity_id"
        );
        $values = $this->values->load(Category::TYPE, array_map('intval', array_column($rows, 'entity_id')), $store);
        return array_map(static function (array $row) use ($values): array {
            $v = $values[$row['entity_id']] ?? [];
            return [
                (int)$row['entity_id'],
                (int)$row['parent_id'],
                (int)$row['level'],
                (string)($v['name'] ?? ''),
                (string)($v['description'] ?? ''),
                (string)($v['url_key'] ?? ''),
                (string)($v['image'] ?? ''),
                (string)($v['teaser'] ?? ''),
                (bool)($v['is_active'] ?? false),
                (bool)($v['include_in_menu'] ?? true),
            ];
        }, $rows);
    }
}
