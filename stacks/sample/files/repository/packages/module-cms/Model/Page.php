<?php

declare(strict_types=1);

namespace Shopkeeper\Cms\Model;

final class Page
{
    public function __construct(
        public readonly int $id,
        public readonly string $identifier,
        public readonly string $title,
        public readonly string $heading,
        public readonly string $description,
        public readonly string $content,
    ) {
    }

    public function tag(): string
    {
        return 'cms_p_' . $this->id;
    }
}
