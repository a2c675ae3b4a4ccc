<?php

declare(strict_types=1);

namespace Shopkeeper\Indexer\Model;

final class Indexer
{
    public const VALID = 'valid';
    public const INVALID = 'invalid';
    public const WORKING = 'working';
    public const REALTIME = 'realtime';
    public const SCHEDULE = 'schedule';

    public function __construct(
        public readonly string $id,
        public readonly string $title,
        public readonly string $class,
        public string $status,
        public string $mode,
        public readonly ?string $updated,
        public readonly int $backlog,
    ) {
    }

    public function statusTitle(): string
    {
        return ['valid' => 'Ready', 'invalid' => 'Reindex required', 'working' => 'Processing'][$this->status] ?? 'unknown';
    }
}
