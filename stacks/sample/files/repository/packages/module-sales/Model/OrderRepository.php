<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Model;

use Shopkeeper\Framework\Db\Connection;

class OrderRepository
{
    public function __construct(private readonly Connection $connection)
    {
    }

    public function byId(int $id): ?Order
    {
        $data = $this->connection->fetchRow("SELECT * FROM {$this->table('sales_order')} WHERE entity_id = ?", [$id]);
        if ($data === null) {
            return null;
        }
        return new Order(
            $id,
            $data,
            $this->connection->fetchAll("SELECT * FROM {$this->table('sales_order_item')} WHERE order_id = ? ORDER BY item_id", [$id]),
            $this->connection->fetchRow("SELECT * FROM {$this->table('sales_order_address')} WHERE parent_id = ? AND address_type = 'shipping'", [$id]) ?? [],
            $this->connection->fetchRow("SELECT * FROM {$this->table('sales_order_payment')} WHERE parent_id = ?", [$id]) ?? [],
            $this->connection->fetchAll("SELECT * FROM {$this->table('sales_order_status_history')} WHERE parent_id = ? ORDER BY entity_id DESC", [$id])
        );
    }

    public function byNumber(string $number): ?Order
    {
        $id = $this->connection->fetchOne("SELECT entity_id FROM {$this->table('sales_order')} WHERE increment_id = ?", [$number]);
        return $id === null ? null : $this->byId((int)$id);
    }

    /**
     * @param array<string, string> $filters status, search
     * @return array{rows: array<int, array<string, mixed>>, total: int}
     */
    public function page(array $filters, int $page, int $size): array
    {
        $where = $bind = [];
        if (($filters['status'] ?? '') !== '') {
            $where[] = 'o.status = ?';
            $bind[] = $filters['status'];
        }
        if (($filters['search'] ?? '') !== '') {
            $where[] = "(o.increment_id LIKE ? OR o.customer_email LIKE ? OR CONCAT(o.customer_firstname, ' ', o.customer_lastname) LIKE ?)";
            array_push($bind, ...array_fill(0, 3, '%' . addcslashes($filters['search'], '%_\\') . '%'));
        }
        $condition = $where === [] ? '' : ' WHERE ' . implode(' AND ', $where);
        $offset = ($page - 1) * $size;
        return [
            'rows' => $this->connection->fetchAll(
                "SELECT o.* FROM {$this->table('sales_order')} o$condition ORDER BY o.entity_id DESC LIMIT $size OFFSET $offset",
                $bind
            ),
            'total' => (int)$this->connection->fetchOne("SELECT COUNT(*) FROM {$this->table('sales_order')} o$condition", $bind),
        ];
    }

    private function table(string $name): string
    {
        return $this->connection->table($name);
    }
}
