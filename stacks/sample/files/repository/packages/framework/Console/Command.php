<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Console;

abstract class Command
{
    public const SUCCESS = 0;
    public const FAILURE = 1;

    abstract public function signature(): Signature;

    abstract public function run(Input $input, Output $output): int;
}
