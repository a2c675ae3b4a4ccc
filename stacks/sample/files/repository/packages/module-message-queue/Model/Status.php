<?php

declare(strict_types=1);

namespace Shopkeeper\MessageQueue\Model;

/** Values of queue_message_status.status. */
final class Status
{
    public const NEW = 2;
    public const IN_PROGRESS = 3;
    public const COMPLETE = 4;
    public const RETRY_REQUIRED = 5;
    public const ERROR = 6;
}
