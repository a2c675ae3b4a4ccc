<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Controller\Guest;

use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Result\PageFactory;
use Shopkeeper\Framework\Http\Result\Redirect;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Sales\Model\OrderLink;
use Shopkeeper\Sales\Model\OrderRepository;

/** Asks for the number of an order and the mail address it was placed with. */
class Form implements ActionInterface
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
        $error = null;
        if ($this->request->isPost()) {
            $order = $this->orders->byNumber($this->request->text('order'));
            if ($order !== null && strcasecmp($order->email(), $this->request->text('email')) === 0) {
                return new Redirect($this->link->url($order));
            }
            $error = __('We found no order with this number and mail address.');
        }
        return $this->pages->create()
            ->content('Shopkeeper_Sales::guest-form.phtml', [
                'error' => $error,
                'number' => $this->request->text('order'),
                'email' => $this->request->text('email'),
            ])
            ->title(__('Find your order'))
            ->set('robots', 'noindex')
            ->set('breadcrumbs', [[__('Home'), ''], [__('Find your order'), null]]);
    }
}
