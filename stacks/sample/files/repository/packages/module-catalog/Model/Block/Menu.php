<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model\Block;

use Shopkeeper\Catalog\Model\CategoryRepository;
use Shopkeeper\Framework\View\BlockDataInterface;
use Shopkeeper\Framework\View\PageTags;

class Menu implements BlockDataInterface
{
    public function __construct(
        private readonly CategoryRepository $categories,
        private readonly PageTags $tags,
    ) {
    }

    public function data(array $context): array
    {
        $this->tags->add('cat_c');
        return ['categories' => $this->categories->menu()];
    }
}
