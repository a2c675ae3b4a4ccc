<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup;

use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Signature;

/** What a module adds to setup:install: options of its own, their check, and work once the tables are there. */
interface InstallStepInterface
{
    public function declare(Signature $signature): void;

    /** @return string[] problems */
    public function validate(Input $input): array;

    public function title(): string;

    public function run(Input $input): void;
}
