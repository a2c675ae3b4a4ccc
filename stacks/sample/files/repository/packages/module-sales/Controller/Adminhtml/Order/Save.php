<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Controller\Adminhtml\Order;

use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\NotFoundException;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Result\Redirect;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Framework\Session\Messages;
use Shopkeeper\Framework\Url\UrlInterface;
use Shopkeeper\Sales\Model\Order;
use Shopkeeper\Sales\Model\OrderRepository;
use Shopkeeper\Sales\Model\OrderWriter;

/** Moves an order on. Finished orders stay as they are. */
class Save implements ActionInterface
{
    private const STEPS = [
        Order::PROCESSING => [Order::PENDING],
        Order::COMPLETE => [Order::PENDING, Order::PROCESSING],
        Order::CANCELED => [Order::PENDING, Order::PROCESSING],
    ];

    public function __construct(
        private readonly Request $request,
        private readonly OrderRepository $orders,
        private readonly OrderWriter $writer,
        private readonly Messages $messages,
        private readonly UrlInterface $url,
    ) {
    }

    public function execute(): ResultInterface
    {
        $order = $this->orders->byId((int)$this->request->param('order_id'))
            ?? throw new NotFoundException('No such order.');
        $status = $this->request->text('status');
        if ($this->request->isPost() && in_array($order->status(), self::STEPS[$status] ?? [], true)) {
            $comment = $this->request->text('comment') ?: match ($status) {
                Order::PROCESSING => __('We are packing.'),
                Order::COMPLETE => __('The parcel is on its way.'),
                Order::CANCELED => __('The order was cancelled.'),
            };
            $this->writer->setStatus($order->id, $status, $comment);
            $this->messages->success(__('The order is now: %1.', Order::label($status)));
        } else {
            $this->messages->error(__('This step is not possible for this order.'));
        }
        return new Redirect($this->url->get('sales/order/view/order_id/' . $order->id));
    }
}
