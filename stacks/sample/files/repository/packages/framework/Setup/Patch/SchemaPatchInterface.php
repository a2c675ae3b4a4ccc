<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup\Patch;

/** DDL cannot be rolled back, so a schema patch has to bear being run again after a kill. */
interface SchemaPatchInterface extends PatchInterface
{
}
