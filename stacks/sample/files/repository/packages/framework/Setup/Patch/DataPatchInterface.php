<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup\Patch;

/** Runs inside a transaction together with its line in patch_list, so it must not contain DDL. */
interface DataPatchInterface extends PatchInterface
{
}
