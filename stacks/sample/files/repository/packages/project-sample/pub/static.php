<?php

declare(strict_types=1);

use Shopkeeper\Framework\App\Bootstrap;
use Shopkeeper\Framework\Static\StaticResource;

require __DIR__ . '/../app/bootstrap.php';

(new Bootstrap(BP))->objectManager()->get(StaticResource::class)->serve((string)($_GET['resource'] ?? ''));
