<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Model;

use Shopkeeper\Email\Model\Mailer;
use Shopkeeper\Email\Model\Message;
use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\View\View;

/** The confirmation a customer gets. */
class OrderMail
{
    public function __construct(
        private readonly Mailer $mailer,
        private readonly OrderWriter $writer,
        private readonly OrderLink $link,
        private readonly ScopeConfigInterface $config,
        private readonly View $view,
    ) {
    }

    public function send(Order $order): void
    {
        if (!$this->mailer->isEnabled()) {
            return;
        }
        $variables = ['order' => $order, 'link' => $this->link->url($order)];
        $this->mailer->send(new Message(
            $order->email(),
            $order->customerName(),
            __('Your %1 order %2', (string)$this->config->get('general/store_information/name'), $order->number()),
            $this->view->part('Shopkeeper_Sales::email/order.phtml', $variables),
            $this->view->part('Shopkeeper_Sales::email/order-text.phtml', $variables)
        ));
        $this->writer->markMailed($order->id);
    }
}
