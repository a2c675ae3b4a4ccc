<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup;

/** Work at the end of every setup:install and setup:upgrade. It has to bear being repeated. */
interface RecurringInterface
{
    public function run(): void;
}
