<?php

declare(strict_types=1);

namespace Shopkeeper\Checkout\Controller\Cart;

use Shopkeeper\Catalog\Model\ProductRepository;
use Shopkeeper\Checkout\Model\CartAnswer;
use Shopkeeper\Checkout\Model\CartException;
use Shopkeeper\Checkout\Model\CartRepository;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\ResultInterface;

class Add implements ActionInterface
{
    public function __construct(
        private readonly Request $request,
        private readonly ProductRepository $products,
        private readonly CartRepository $carts,
        private readonly CartAnswer $answer,
    ) {
    }

    public function execute(): ResultInterface
    {
        $product = $this->products->byId((int)$this->request->param('product'));
        if (!$this->request->isPost() || $product === null || !$product->isShown()) {
            return $this->answer->failure(__('This product is not available.'));
        }
        $qty = max(1, min(999, (int)$this->request->text('qty', '1')));
        $choices = array_map('intval', array_filter((array)$this->request->post('options', []), 'is_scalar'));
        try {
            $this->carts->add($product, $qty, $choices);
        } catch (CartException $e) {
            return $this->answer->failure($e->getMessage());
        }
        return $this->answer->success(__('%1 is in your cart.', $product->name()));
    }
}
