<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\View;

/** Tags of what the current page shows. */
class PageTags
{
    /** @var array<string, true> */
    private array $tags = [];

    public function add(string ...$tags): void
    {
        foreach ($tags as $tag) {
            $this->tags[$tag] = true;
        }
    }

    /** @return string[] */
    public function all(): array
    {
        return array_keys($this->tags);
    }
}
