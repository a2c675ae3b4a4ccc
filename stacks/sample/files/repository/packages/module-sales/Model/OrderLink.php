<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Model;

use Shopkeeper\Framework\Encryption\Encryptor;
use Shopkeeper\Framework\Url\UrlInterface;

/** Addresses by which a guest sees an order without signing in. */
class OrderLink
{
    public function __construct(
        private readonly Encryptor $encryptor,
        private readonly UrlInterface $url,
    ) {
    }

    public function url(Order $order): string
    {
        return $this->url->get('sales/guest/view', ['order' => $order->number(), 'key' => $this->key($order)]);
    }

    public function isValid(Order $order, string $key): bool
    {
        return hash_equals($this->key($order), $key);
    }

    private function key(Order $order): string
    {
        return substr($this->encryptor->sign($order->number() . '|' . $order->data['protect_code']), 0, 32);
    }
}
