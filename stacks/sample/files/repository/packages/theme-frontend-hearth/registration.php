<?php

declare(strict_types=1);

use Shopkeeper\Framework\Component\ComponentRegistrar;

ComponentRegistrar::register(ComponentRegistrar::THEME, 'frontend/Shopkeeper/hearth', __DIR__);
