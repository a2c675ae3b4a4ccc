<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Event;

interface ObserverInterface
{
    public function execute(array $data): void;
}
