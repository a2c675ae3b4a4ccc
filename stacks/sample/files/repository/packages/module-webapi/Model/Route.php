<?php

declare(strict_types=1);

namespace Shopkeeper\Webapi\Model;

final class Route
{
    /** @param string[] $resources */
    public function __construct(
        public readonly string $class,
        public readonly string $method,
        public readonly array $resources,
        public readonly array $parameters,
    ) {
    }

    public function isAnonymous(): bool
    {
        return in_array('anonymous', $this->resources, true);
    }
}
