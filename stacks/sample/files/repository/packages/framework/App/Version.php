<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\App;

final class Version
{
    public const NAME = 'Shopkeeper Sample';
    public const NUMBER = '1.0.0';
}
