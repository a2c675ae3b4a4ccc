<?php

declare(strict_types=1);

use Shopkeeper\Framework\Component\ComponentRegistrar;

ComponentRegistrar::register(ComponentRegistrar::LIBRARY, 'shopkeeper/framework', __DIR__);
