<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http\Result;

use Shopkeeper\Framework\Http\Response;
use Shopkeeper\Framework\Http\ResultInterface;

class Json implements ResultInterface
{
    public function __construct(
        private readonly mixed $data,
        private readonly int $status = 200,
    ) {
    }

    public function render(Response $response): void
    {
        $response->status = $this->status;
        $response->body = json_encode($this->data, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR);
        $response->header('Content-Type', 'application/json; charset=utf-8');
        $response->header('Cache-Control', 'no-store');
    }
}
