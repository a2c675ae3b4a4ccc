<?php

declare(strict_types=1);

namespace Shopkeeper\Checkout\Controller\Cart;

use Shopkeeper\Checkout\Model\CartRepository;
use Shopkeeper\Checkout\Model\Shipping;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Result\PageFactory;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Framework\Session\Messages;

class Index implements ActionInterface
{
    public function __construct(
        private readonly CartRepository $carts,
        private readonly Shipping $shipping,
        private readonly Messages $messages,
        private readonly PageFactory $pages,
    ) {
    }

    public function execute(): ResultInterface
    {
        $cart = $this->carts->current();
        return $this->pages->create()
            ->content('Shopkeeper_Checkout::cart.phtml', [
                'cart' => $cart,
                'missing' => $this->shipping->missingForFree($cart),
                'messages' => $this->messages->take(),
            ])
            ->title(__('Your cart'))
            ->set('robots', 'noindex')
            ->set('bodyClass', 'checkout-cart-index');
    }
}
