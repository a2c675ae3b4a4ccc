<?php

declare(strict_types=1);

use Shopkeeper\Framework\App\Bootstrap;
use Shopkeeper\Framework\Media\MediaResource;

require __DIR__ . '/../app/bootstrap.php';

(new Bootstrap(BP))->objectManager()->get(MediaResource::class)
    ->serve((string)parse_url((string)($_SERVER['REQUEST_URI'] ?? ''), PHP_URL_PATH));
