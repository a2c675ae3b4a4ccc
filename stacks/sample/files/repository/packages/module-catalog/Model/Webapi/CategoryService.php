<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model\Webapi;

use Shopkeeper\Catalog\Model\Category;
use Shopkeeper\Catalog\Model\CategoryRepository;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Webapi\Controller\RestRequest;

class CategoryService
{
    public function __construct(
        private readonly CategoryRepository $categories,
        private readonly Connection $connection,
    ) {
    }

    public function tree(RestRequest $request): array
    {
        $counts = $this->connection->fetchPairs(
            "SELECT category_id, COUNT(*) FROM {$this->connection->table('catalog_category_product_index')} GROUP BY category_id"
        );
        return [
            'id' => Category::DEFAULT_ROOT,
            'parent_id' => 1,
            'name' => 'Default Category',
            'is_active' => true,
            'level' => 1,
            'product_count' => (int)($counts[Category::DEFAULT_ROOT] ?? 0),
            'children_data' => $this->children(Category::DEFAULT_ROOT, $counts),
        ];
    }

    private function children(int $parent, array $counts): array
    {
        $children = array_filter($this->categories->all(), static fn (Category $c) => $c->parentId === $parent && $c->active);
        return array_map(fn (Category $category) => [
            'id' => $category->id,
            'parent_id' => $category->parentId,
            'name' => $category->name,
            'is_active' => $category->active,
            'level' => $category->level,
            'product_count' => (int)($counts[$category->id] ?? 0),
            'children_data' => $this->children($category->id, $counts),
        ], array_values($children));
    }
}
