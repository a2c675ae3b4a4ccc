<?php

declare(strict_types=1);

namespace Shopkeeper\Email\Model;

final class Message
{
    public function __construct(
        public readonly string $to,
        public readonly string $toName,
        public readonly string $subject,
        public readonly string $html,
        public readonly string $text,
    ) {
    }
}
