<?php

declare(strict_types=1);

use Shopkeeper\Framework\Component\ComponentRegistrar;

ComponentRegistrar::register(ComponentRegistrar::MODULE, 'Shopkeeper_Webapi', __DIR__);
