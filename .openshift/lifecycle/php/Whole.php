<?php

declare(strict_types=1);

namespace Shop;

/** A branch of env.php that is owned with everything in it: keys that are not in `$branch` go. */
final class Whole
{
    /** @param array<mixed> $branch */
    public function __construct(public readonly array $branch)
    {
    }
}
