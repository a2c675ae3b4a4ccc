<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Model;

use Shopkeeper\Catalog\Model\Product;
use Shopkeeper\Catalog\Model\ProductRepository;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\View\BlockDataInterface;
use Shopkeeper\Framework\View\PageTags;

/** Products that were sold most. */
class Bestsellers implements BlockDataInterface
{
    public const TAG = 'bestsellers';
    private const COUNT = 4;

    public function __construct(
        private readonly Connection $connection,
        private readonly ProductRepository $products,
        private readonly PageTags $tags,
    ) {
    }

    public function data(array $context): array
    {
        $this->tags->add(self::TAG);
        return ['products' => array_column($this->top(self::COUNT), 'product')];
    }

    /** @return array<int, array{product: Product, qty: float}> */
    public function top(int $count): array
    {
        $sold = $this->connection->fetchPairs(
            "SELECT b.product_id, b.qty_ordered FROM {$this->connection->table('sales_bestsellers_aggregated')} b
             JOIN {$this->connection->table('catalog_category_product_index')} i ON i.product_id = b.product_id
             GROUP BY b.product_id, b.qty_ordered ORDER BY b.qty_ordered DESC, b.product_id LIMIT " . $count
        );
        $top = [];
        foreach ($this->products->byIds(array_keys($sold)) as $id => $product) {
            $top[] = ['product' => $product, 'qty' => (float)$sold[$id]];
        }
        return $top;
    }
}
