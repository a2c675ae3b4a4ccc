<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Module;

final class Module
{
    /** @param string[] $sequence modules that have to come before this one */
    public function __construct(
        public readonly string $name,
        public readonly string $path,
        public readonly string $version,
        public readonly array $sequence,
    ) {
    }

    public function namespace(): string
    {
        return str_replace('_', '\\', $this->name);
    }
}
