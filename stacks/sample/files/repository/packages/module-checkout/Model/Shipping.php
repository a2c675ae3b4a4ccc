<?php

declare(strict_types=1);

namespace Shopkeeper\Checkout\Model;

use Shopkeeper\Framework\Config\ScopeConfigInterface;

/** Carriers that are switched on, and what they ask for a cart. */
class Shipping
{
    public function __construct(private readonly ScopeConfigInterface $config)
    {
    }

    /** @return array<string, array{title: string, note: string, price: float}> */
    public function methods(Cart $cart): array
    {
        $methods = [];
        if ($this->config->flag('carriers/flatrate/active')) {
            $price = (float)$this->config->get('carriers/flatrate/price');
            $free = $this->config->get('carriers/freeshipping/free_shipping_subtotal');
            $isFree = $this->config->flag('carriers/freeshipping/active') && $cart->subtotal() >= (float)$free;
            $methods['flatrate_flatrate'] = [
                'title' => __((string)$this->config->get('carriers/flatrate/title')),
                'note' => __('3 to 5 working days'),
                'price' => $isFree ? 0.0 : $price,
            ];
        }
        if ($this->config->flag('carriers/express/active')) {
            $methods['express_express'] = [
                'title' => __((string)$this->config->get('carriers/express/title')),
                'note' => __('Next working day'),
                'price' => (float)$this->config->get('carriers/express/price'),
            ];
        }
        if ($this->config->flag('carriers/instore/active')) {
            $methods['instore_pickup'] = [
                'title' => __((string)$this->config->get('carriers/instore/title')),
                'note' => __('Ready in two hours'),
                'price' => 0.0,
            ];
        }
        return $methods;
    }

    /** What is still missing until delivery costs nothing; null where it never does. */
    public function missingForFree(Cart $cart): ?float
    {
        if (!$this->config->flag('carriers/freeshipping/active')) {
            return null;
        }
        return max(0.0, (float)$this->config->get('carriers/freeshipping/free_shipping_subtotal') - $cart->subtotal());
    }
}
