<?php

declare(strict_types=1);

namespace Shopkeeper\Cron\Model;

final class Job
{
    public function __construct(
        public readonly string $code,
        public readonly string $group,
        public readonly string $class,
        public readonly string $method,
        public readonly string $schedule,
    ) {
    }
}
