<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Cron;

use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Sales\Model\OrderMail;
use Shopkeeper\Sales\Model\OrderRepository;

/** Sends confirmations that could not be sent when the order was placed. */
class SendOrderMails
{
    private const GIVE_UP_HOURS = 48;
    private const AT_ONCE = 20;

    public function __construct(
        private readonly Connection $connection,
        private readonly OrderRepository $orders,
        private readonly OrderMail $mail,
    ) {
    }

    public function execute(): void
    {
        $ids = $this->connection->fetchCol(
            "SELECT entity_id FROM {$this->connection->table('sales_order')}
             WHERE send_email = 1 AND email_sent = 0 AND created_at > UTC_TIMESTAMP() - INTERVAL ? HOUR
             ORDER BY entity_id LIMIT " . self::AT_ONCE,
            [self::GIVE_UP_HOURS]
        );
        foreach ($ids as $id) {
            $this->mail->send($this->orders->byId((int)$id));
        }
    }
}
