<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Model;

use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\View\BlockDataInterface;

/** Figures of the last thirty days. */
class Dashboard implements BlockDataInterface
{
    private const DAYS = 30;
    private const LAST_ORDERS = 6;
    private const BEST = 5;
    private const LOW_STOCK = 12;

    public function __construct(
        private readonly Connection $connection,
        private readonly OrderRepository $orders,
        private readonly Bestsellers $bestsellers,
    ) {
    }

    public function data(array $context): array
    {
        $sums = $this->connection->fetchRow(
            "SELECT COUNT(*) orders, COALESCE(SUM(grand_total), 0) revenue, COALESCE(AVG(grand_total), 0) average,
                    COALESCE(SUM(status = 'pending'), 0) pending, COALESCE(SUM(status = 'processing'), 0) processing
             FROM {$this->connection->table('sales_order')}
             WHERE status <> 'canceled' AND created_at > UTC_TIMESTAMP() - INTERVAL ? DAY",
            [self::DAYS]
        );
        return [
            'sums' => $sums,
            'days' => $this->days(),
            'orders' => $this->orders->page([], 1, self::LAST_ORDERS)['rows'],
            'best' => $this->bestsellers->top(self::BEST),
            'low' => $this->lowStock(),
        ];
    }

    /** @return array<string, float> day => revenue, without gaps */
    private function days(): array
    {
        $days = [];
        for ($day = self::DAYS - 1; $day >= 0; $day--) {
            $days[gmdate('Y-m-d', time() - $day * 86400)] = 0.0;
        }
        $rows = $this->connection->fetchPairs(
            "SELECT DATE(created_at) day, SUM(grand_total) FROM {$this->connection->table('sales_order')}
             WHERE status <> 'canceled' AND created_at > UTC_TIMESTAMP() - INTERVAL ? DAY GROUP BY day",
            [self::DAYS]
        );
        return array_replace($days, array_map('floatval', array_intersect_key($rows, $days)));
    }

    /** @return array<int, array{sku: string, qty: string}> */
    private function lowStock(): array
    {
        return $this->connection->fetchAll(
            "SELECT e.entity_id, e.sku, s.qty FROM {$this->connection->table('cataloginventory_stock_item')} s
             JOIN {$this->connection->table('catalog_product_entity')} e ON e.entity_id = s.product_id
             WHERE s.manage_stock = 1 AND s.qty <= ? ORDER BY s.qty, e.sku LIMIT 6",
            [self::LOW_STOCK]
        );
    }
}
