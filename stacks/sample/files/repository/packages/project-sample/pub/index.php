<?php

declare(strict_types=1);

use Shopkeeper\Framework\App\Bootstrap;
use Shopkeeper\Framework\Http\Application;

require __DIR__ . '/../app/bootstrap.php';

(new Application(new Bootstrap(BP)))->run();
