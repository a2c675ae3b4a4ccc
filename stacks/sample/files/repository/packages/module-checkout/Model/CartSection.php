<?php

declare(strict_types=1);

namespace Shopkeeper\Checkout\Model;

use Shopkeeper\Customer\Model\SectionInterface;
use Shopkeeper\Framework\Locale\Format;
use Shopkeeper\Framework\Url\UrlInterface;

class CartSection implements SectionInterface
{
    public function __construct(
        private readonly CartRepository $carts,
        private readonly UrlInterface $url,
        private readonly Format $format,
    ) {
    }

    public function data(): array
    {
        $cart = $this->carts->current();
        return [
            'summary_count' => $cart->count(),
            'subtotal' => $this->format->price($cart->subtotal()),
            'items' => array_map(fn (CartItem $item) => [
                'item_id' => $item->id,
                'product_sku' => $item->sku(),
                'product_name' => $item->product->name(),
                'product_url' => $this->url->get($item->product->path()),
                'product_image' => $this->url->media($item->product->image()->file),
                'options' => implode(', ', $item->options()),
                'qty' => $item->qty,
                'product_price' => $this->format->price($item->price()),
                'row_total' => $this->format->price($item->total()),
            ], $cart->items),
        ];
    }
}
