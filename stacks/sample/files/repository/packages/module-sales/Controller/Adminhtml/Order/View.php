<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Controller\Adminhtml\Order;

use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\NotFoundException;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Result\PageFactory;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Sales\Model\OrderRepository;

class View implements ActionInterface
{
    public function __construct(
        private readonly Request $request,
        private readonly OrderRepository $orders,
        private readonly PageFactory $pages,
    ) {
    }

    public function execute(): ResultInterface
    {
        $order = $this->orders->byId((int)$this->request->param('order_id'))
            ?? throw new NotFoundException('No such order.');
        return $this->pages->create()
            ->content('Shopkeeper_Sales::order-view.phtml', ['order' => $order])
            ->title(__('Order %1', $order->number()));
    }
}
