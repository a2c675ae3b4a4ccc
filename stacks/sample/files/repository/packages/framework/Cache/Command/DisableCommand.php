<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Cache\Command;

use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;

class DisableCommand extends AbstractSwitchCommand
{
    public function signature(): Signature
    {
        return $this->typed('cache:disable', 'Disables cache type(s)');
    }

    public function run(Input $input, Output $output): int
    {
        return $this->switch($input, $output, false);
    }
}
