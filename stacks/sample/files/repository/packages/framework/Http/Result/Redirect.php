<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http\Result;

use Shopkeeper\Framework\Http\Response;
use Shopkeeper\Framework\Http\ResultInterface;

class Redirect implements ResultInterface
{
    public function __construct(
        private readonly string $url,
        private readonly int $status = 302,
    ) {
    }

    public function render(Response $response): void
    {
        $response->status = $this->status;
        $response->header('Location', $this->url);
        $response->header('Cache-Control', 'no-store');
    }
}
