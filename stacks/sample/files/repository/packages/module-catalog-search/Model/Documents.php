<?php

declare(strict_types=1);

namespace Shopkeeper\CatalogSearch\Model;

use Shopkeeper\Catalog\Model\CategoryRepository;
use Shopkeeper\Catalog\Model\Product;
use Shopkeeper\Catalog\Model\ProductRepository;
use Shopkeeper\Eav\Model\AttributeRepository;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Store\Model\StoreManager;

/** Puts products into the form the search engine keeps. */
class Documents
{
    private const BATCH = 200;

    public function __construct(
        private readonly Connection $connection,
        private readonly ProductRepository $products,
        private readonly CategoryRepository $categories,
        private readonly AttributeRepository $attributes,
        private readonly StoreManager $stores,
    ) {
    }

    /**
     * @param int[] $ids none means all
     * @return iterable<int, array> product id => document, of those that can be found at all
     */
    public function of(array $ids): iterable
    {
        $ids = $ids ?: array_map('intval', $this->connection->fetchCol(
            "SELECT entity_id FROM {$this->connection->table('catalog_product_entity')} ORDER BY entity_id"
        ));
        foreach (array_chunk($ids, self::BATCH) as $chunk) {
            $categories = $this->categoryNames($chunk);
            foreach ($this->products->byIds($chunk) as $product) {
                if ($product->isShown()) {
                    yield $product->id => $this->document($product, $categories[$product->id] ?? []);
                }
            }
        }
    }

    private function document(Product $product, array $categories): array
    {
        $document = [
            'name' => $product->name(),
            'sku' => $product->sku,
            'short_description' => (string)$product->value('short_description'),
            'description' => (string)$product->value('description'),
            'price' => $product->finalPrice(),
            'categories' => $categories,
            'labels' => [],
        ];
        foreach ($this->attributes->all(Product::TYPE) as $attribute) {
            $option = (int)$product->value($attribute->code);
            if (!$attribute->hasOptions() || $option === 0) {
                continue;
            }
            if ($attribute->filterable) {
                $document[Index::ATTRIBUTE_PREFIX . $attribute->code] = $option;
            }
            if ($attribute->searchable) {
                $document['labels'][] = $this->attributes->options($attribute, $this->stores->current()->id)[$option] ?? '';
            }
        }
        return $document;
    }

    /** @return array<int, string[]> */
    private function categoryNames(array $ids): array
    {
        $names = [];
        $rows = $this->connection->query(
            "SELECT product_id, category_id FROM {$this->connection->table('catalog_category_product')} WHERE product_id IN {$this->connection->in($ids)}",
            $ids
        );
        foreach ($rows as $row) {
            $category = $this->categories->byId((int)$row['category_id']);
            if ($category !== null) {
                $names[(int)$row['product_id']][] = $category->name;
            }
        }
        return $names;
    }
}
