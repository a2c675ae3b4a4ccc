<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Observer;

use Shopkeeper\Framework\Event\ObserverInterface;
use Shopkeeper\Framework\Log\Logger;
use Shopkeeper\MessageQueue\Model\Publisher;
use Shopkeeper\Sales\Model\Order;
use Shopkeeper\Sales\Model\OrderMail;
use Throwable;

/** Hands the order to the workers behind the shop and confirms it. A mail that fails is sent by cron later. */
class AfterOrderPlaced implements ObserverInterface
{
    public const TOPIC = 'sales.order.placed';

    public function __construct(
        private readonly Publisher $publisher,
        private readonly OrderMail $mail,
        private readonly Logger $logger,
    ) {
    }

    public function execute(array $data): void
    {
        /** @var Order $order */
        $order = $data['order'];
        $this->publisher->publish(self::TOPIC, ['order_id' => $order->id]);
        try {
            $this->mail->send($order);
        } catch (Throwable $e) {
            $this->logger->exception($e);
        }
    }
}
