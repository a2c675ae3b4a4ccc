<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Model;

use Shopkeeper\Framework\Db\Connection;

class OrderWriter
{
    public function __construct(private readonly Connection $connection)
    {
    }

    /** The next order number: nine digits, led by the store where it is not the first. */
    public function nextNumber(int $storeId): string
    {
        $value = $this->connection->insert('sequence_order_1', ['sequence_value' => null]);
        return ($storeId > 1 ? (string)$storeId : '') . str_pad((string)$value, $storeId > 1 ? 8 : 9, '0', STR_PAD_LEFT);
    }

    /**
     * @param array<string, mixed> $order
     * @param array<int, array<string, mixed>> $items
     * @param array<string, mixed> $address
     * @param array<string, mixed> $payment
     */
    public function create(array $order, array $items, array $address, array $payment): int
    {
        return $this->connection->transaction(function () use ($order, $items, $address, $payment): int {
            $id = $this->connection->insert('sales_order', $order + [
                'state' => 'new',
                'status' => Order::PENDING,
                'protect_code' => bin2hex(random_bytes(16)),
            ]);
            $this->connection->insertMultiple('sales_order_item', array_map(static fn (array $item) => ['order_id' => $id] + $item, $items));
            foreach (['shipping', 'billing'] as $type) {
                $this->connection->insert('sales_order_address', ['parent_id' => $id, 'address_type' => $type] + $address);
            }
            $this->connection->insert('sales_order_payment', ['parent_id' => $id] + $payment);
            return $id;
        });
    }

    public function setStatus(int $id, string $status, string $comment, ?string $time = null): void
    {
        $state = $status === Order::PENDING ? 'new' : $status;
        $this->connection->update('sales_order', ['status' => $status, 'state' => $state], ['entity_id' => $id]);
        $this->connection->insert('sales_order_status_history', [
            'parent_id' => $id,
            'status' => $status,
            'comment' => $comment,
            'is_visible_on_front' => 1,
            'created_at' => $time ?? gmdate('Y-m-d H:i:s'),
        ]);
    }

    public function markMailed(int $id): void
    {
        $this->connection->update('sales_order', ['email_sent' => 1], ['entity_id' => $id]);
    }
}
