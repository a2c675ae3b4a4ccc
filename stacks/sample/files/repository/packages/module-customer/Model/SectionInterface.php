<?php

declare(strict_types=1);

namespace Shopkeeper\Customer\Model;

/** Data of one visitor for a page that is the same for all. */
interface SectionInterface
{
    /** @return array<string, mixed> */
    public function data(): array;
}
