<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup\Patch;

interface PatchInterface
{
    /** @return string[] classes of patches that have to come before */
    public static function getDependencies(): array;

    /** @return string[] names this patch had before */
    public function getAliases(): array;

    public function apply(): void;
}
