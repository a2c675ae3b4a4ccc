<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http\Result;

use Shopkeeper\Framework\Http\Response;
use Shopkeeper\Framework\Http\ResultInterface;

class Raw implements ResultInterface
{
    public function __construct(
        private readonly string $body,
        private readonly string $type = 'text/plain; charset=utf-8',
        private readonly int $status = 200,
    ) {
    }

    public function render(Response $response): void
    {
        $response->status = $this->status;
        $response->body = $this->body;
        $response->header('Content-Type', $this->type);
    }
}
