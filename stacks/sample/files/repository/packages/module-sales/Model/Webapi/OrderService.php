<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Model\Webapi;

use Shopkeeper\Sales\Model\Order;
use Shopkeeper\Sales\Model\OrderRepository;
use Shopkeeper\Webapi\Controller\RestRequest;
use Shopkeeper\Webapi\Model\WebapiException;

class OrderService
{
    public function __construct(private readonly OrderRepository $orders)
    {
    }

    public function get(RestRequest $request): array
    {
        $order = $this->orders->byId((int)$request->path('id'))
            ?? throw new WebapiException("The entity that was requested doesn't exist. Verify the entity and try again.", 404);
        return $this->data($order->data) + ['items' => array_map(static fn (array $item) => [
            'sku' => $item['sku'],
            'name' => $item['name'],
            'options' => Order::itemOptions($item),
            'qty_ordered' => (float)$item['qty_ordered'],
            'price' => (float)$item['price'],
            'row_total' => (float)$item['row_total'],
        ], $order->items), 'shipping_address' => $order->address, 'payment' => $order->payment];
    }

    public function list(RestRequest $request): array
    {
        $criteria = $request->criteria();
        $page = $this->orders->page(['status' => $criteria['filters']['status'] ?? ''], $criteria['page'], $criteria['size']);
        return [
            'items' => array_map($this->data(...), $page['rows']),
            'search_criteria' => ['page_size' => $criteria['size'], 'current_page' => $criteria['page']],
            'total_count' => $page['total'],
        ];
    }

    private function data(array $row): array
    {
        return [
            'entity_id' => (int)$row['entity_id'],
            'increment_id' => $row['increment_id'],
            'status' => $row['status'],
            'state' => $row['state'],
            'customer_email' => $row['customer_email'],
            'customer_firstname' => $row['customer_firstname'],
            'customer_lastname' => $row['customer_lastname'],
            'order_currency_code' => $row['order_currency_code'],
            'subtotal' => (float)$row['subtotal'],
            'shipping_amount' => (float)$row['shipping_amount'],
            'tax_amount' => (float)$row['tax_amount'],
            'grand_total' => (float)$row['grand_total'],
            'created_at' => $row['created_at'],
        ];
    }
}
