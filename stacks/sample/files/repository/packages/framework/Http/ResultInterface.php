<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

interface ResultInterface
{
    public function render(Response $response): void;
}
