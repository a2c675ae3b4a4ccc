<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Model\Consumer;

use Shopkeeper\Sales\Model\Order;
use Shopkeeper\Sales\Model\OrderRepository;
use Shopkeeper\Sales\Model\OrderWriter;

/** The storeroom: takes a new order up, which the customer and the back office can see. */
class ProcessOrder
{
    public function __construct(
        private readonly OrderRepository $orders,
        private readonly OrderWriter $writer,
    ) {
    }

    public function process(array $message): void
    {
        $order = $this->orders->byId((int)$message['order_id']);
        if ($order === null || $order->status() !== Order::PENDING) {
            return;
        }
        $pieces = (int)$order->amount('total_qty_ordered');
        $this->writer->setStatus($order->id, Order::PROCESSING, __('The storeroom has the picking list for %1 piece(s).', $pieces));
    }
}
