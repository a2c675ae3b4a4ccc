<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model;

final class Category
{
    public const TYPE = 'catalog_category';
    public const DEFAULT_ROOT = 2;

    public function __construct(
        public readonly int $id,
        public readonly int $parentId,
        public readonly int $level,
        public readonly string $name,
        public readonly string $description,
        public readonly string $urlKey,
        public readonly string $image,
        public readonly string $teaser,
        public readonly bool $active,
        public readonly bool $inMenu,
    ) {
    }

    public function path(): string
    {
        return $this->urlKey . '.html';
    }

    public function tag(): string
    {
        return 'cat_c_' . $this->id;
    }
}
