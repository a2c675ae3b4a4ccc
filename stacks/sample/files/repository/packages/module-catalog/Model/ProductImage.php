<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model;

final class ProductImage
{
    public function __construct(
        public readonly string $file,
        public readonly string $label,
    ) {
    }
}
