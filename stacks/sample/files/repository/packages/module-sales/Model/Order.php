<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Model;

final class Order
{
    public const PENDING = 'pending';
    public const PROCESSING = 'processing';
    public const COMPLETE = 'complete';
    public const CANCELED = 'canceled';

    /**
     * @param array<string, mixed> $data columns of sales_order
     * @param array<int, array<string, mixed>> $items
     * @param array<string, mixed> $address
     * @param array<string, mixed> $payment
     * @param array<int, array<string, mixed>> $history newest first
     */
    public function __construct(
        public readonly int $id,
        public readonly array $data,
        public readonly array $items,
        public readonly array $address,
        public readonly array $payment,
        public readonly array $history,
    ) {
    }

    public function number(): string
    {
        return (string)$this->data['increment_id'];
    }

    public function email(): string
    {
        return (string)$this->data['customer_email'];
    }

    public function customerName(): string
    {
        return trim($this->data['customer_firstname'] . ' ' . $this->data['customer_lastname']);
    }

    public function status(): string
    {
        return (string)$this->data['status'];
    }

    public function statusLabel(): string
    {
        return self::label($this->status());
    }

    public static function label(string $status): string
    {
        return __(ucfirst($status));
    }

    public function amount(string $column): float
    {
        return (float)$this->data[$column];
    }

    /** @return array<string, string> title => value */
    public static function itemOptions(array $item): array
    {
        return (array)json_decode((string)$item['options'], true);
    }
}
