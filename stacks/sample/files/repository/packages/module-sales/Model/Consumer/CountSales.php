<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Model\Consumer;

use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Sales\Model\Bestsellers;
use Shopkeeper\Sales\Model\OrderRepository;

/** Counts sold pieces, from which the home page takes its favourites. */
class CountSales
{
    public function __construct(
        private readonly OrderRepository $orders,
        private readonly Connection $connection,
        private readonly Cache $cache,
    ) {
    }

    public function process(array $message): void
    {
        foreach ($this->orders->byId((int)$message['order_id'])?->items ?? [] as $item) {
            $this->connection->query(
                "INSERT INTO {$this->connection->table('sales_bestsellers_aggregated')} (product_id, qty_ordered) VALUES (?, ?)
                 ON DUPLICATE KEY UPDATE qty_ordered = qty_ordered + VALUES(qty_ordered)",
                [(int)$item['product_id'], (string)$item['qty_ordered']]
            );
        }
        $this->cache->cleanTags([Bestsellers::TAG]);
    }
}
