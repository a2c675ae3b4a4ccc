<?php

declare(strict_types=1);

namespace Shopkeeper\Checkout\Controller\Cart;

use Shopkeeper\Checkout\Model\CartAnswer;
use Shopkeeper\Checkout\Model\CartException;
use Shopkeeper\Checkout\Model\CartRepository;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\ResultInterface;

/** Takes new quantities as qty[ITEM]; 0, or the button "remove", takes an item out. */
class Update implements ActionInterface
{
    public function __construct(
        private readonly Request $request,
        private readonly CartRepository $carts,
        private readonly CartAnswer $answer,
    ) {
    }

    public function execute(): ResultInterface
    {
        if (!$this->request->isPost()) {
            return $this->answer->failure(__('Nothing was changed.'));
        }
        $changes = array_filter((array)$this->request->post('qty', []), 'is_numeric');
        $remove = (int)$this->request->post('remove', 0);
        if ($remove !== 0) {
            $changes = [$remove => 0];
        }
        try {
            foreach ($changes as $itemId => $qty) {
                $this->carts->setQty((int)$itemId, min(999, (int)$qty));
            }
        } catch (CartException $e) {
            return $this->answer->failure($e->getMessage());
        }
        return $this->answer->success($remove !== 0 ? __('The item was removed.') : __('Your cart was updated.'));
    }
}
