<?php

declare(strict_types=1);

namespace Shopkeeper\Checkout\Model;

use Shopkeeper\Catalog\Model\ProductWriter;
use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Event\EventManager;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Locale\Format;
use Shopkeeper\Sales\Model\Order;
use Shopkeeper\Sales\Model\OrderRepository;
use Shopkeeper\Sales\Model\OrderWriter;
use Shopkeeper\Store\Model\StoreManager;

/** Makes an order of a cart. Stock, order and the end of the cart are one transaction. */
class OrderPlacer
{
    public function __construct(
        private readonly Connection $connection,
        private readonly CartRepository $carts,
        private readonly ProductWriter $stock,
        private readonly OrderWriter $writer,
        private readonly OrderRepository $orders,
        private readonly Shipping $shipping,
        private readonly Payment $payment,
        private readonly EventManager $events,
        private readonly ScopeConfigInterface $config,
        private readonly StoreManager $stores,
        private readonly Format $format,
        private readonly Request $request,
    ) {
    }

    public function place(Cart $cart, CheckoutForm $form): Order
    {
        $id = $this->connection->transaction(function () use ($cart, $form): int {
            // Two clicks on the button must not become two orders.
            $active = $this->connection->fetchOne(
                "SELECT is_active FROM {$this->connection->table('quote')} WHERE entity_id = ? FOR UPDATE",
                [$cart->quoteId]
            );
            if (!$active) {
                throw new CartException(__('This cart has already been ordered.'));
            }
            foreach ($cart->items as $item) {
                if (!$this->stock->takeFromStock($item->product->id, $item->qty)) {
                    throw new CartException(__('%1 has been sold meanwhile. Please choose fewer pieces.', $item->product->name()));
                }
            }
            $number = $this->writer->nextNumber($this->stores->current()->id);
            $id = $this->create($cart, $form, $number);
            $this->carts->close((int)$cart->quoteId, $number);
            return $id;
        });
        $this->stock->changed(array_values(array_unique(array_map(static fn (CartItem $item) => $item->product->id, $cart->items))));
        $order = $this->orders->byId($id);
        $this->events->dispatch('sales_order_place_after', ['order' => $order]);
        return $order;
    }

    private function create(Cart $cart, CheckoutForm $form, string $number): int
    {
        $method = $this->shipping->methods($cart)[$form->values['shipping_method']];
        $payment = $this->payment->methods()[$form->values['payment_method']];
        $total = $cart->subtotal() + $method['price'];
        $rate = (float)$this->config->get('tax/calculation/rate');
        return $this->writer->create([
            'increment_id' => $number,
            'quote_id' => $cart->quoteId,
            'store_id' => $this->stores->current()->id,
            'customer_email' => $form->values['email'],
            'customer_firstname' => $form->values['firstname'],
            'customer_lastname' => $form->values['lastname'],
            'customer_note' => $form->values['note'],
            'remote_ip' => $this->request->clientIp(),
            'order_currency_code' => $this->format->currency(),
            'shipping_method' => $form->values['shipping_method'],
            'shipping_description' => $method['title'],
            'subtotal' => $cart->subtotal(),
            'shipping_amount' => $method['price'],
            'tax_amount' => round($total - $total / (1 + $rate / 100), 2),
            'grand_total' => $total,
            'total_qty_ordered' => $cart->count(),
        ], array_map(static fn (CartItem $item) => [
            'product_id' => $item->product->id,
            'sku' => $item->sku(),
            'name' => $item->product->name(),
            'options' => json_encode($item->options(), JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR),
            'qty_ordered' => $item->qty,
            'price' => $item->price(),
            'row_total' => $item->total(),
        ], $cart->items), $form->address(), [
            'method' => $form->values['payment_method'],
            'title' => $payment['title'],
            'amount_ordered' => $total,
        ]);
    }
}
