<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\View;

/** Gives the variables of a block's template. */
interface BlockDataInterface
{
    /**
     * @param array<string, mixed> $context variables of the place where the block stands
     * @return array<string, mixed>
     */
    public function data(array $context): array;
}
