<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Controller\Guest;

use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\NotFoundException;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Result\PageFactory;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Sales\Model\OrderLink;
use Shopkeeper\Sales\Model\OrderRepository;

class View implements ActionInterface
{
    public function __construct(
        private readonly Request $request,
        private readonly OrderRepository $orders,
        private readonly OrderLink $link,
        private readonly PageFactory $pages,
    ) {
    }

    public function execute(): ResultInterface
    {
        $order = $this->orders->byNumber($this->request->text('order'));
        if ($order === null || !$this->link->isValid($order, $this->request->text('key'))) {
            throw new NotFoundException('No such order.');
        }
        return $this->pages->create()
            ->content('Shopkeeper_Sales::order.phtml', ['order' => $order])
            ->title(__('Order %1', $order->number()))
            ->set('robots', 'noindex')
            ->set('breadcrumbs', [[__('Home'), ''], [__('Find your order'), 'sales/guest/form'], [__('Order %1', $order->number()), null]]);
    }
}
