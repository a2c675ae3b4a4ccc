<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Module\Command;

use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;

class EnableCommand extends AbstractManageCommand
{
    public function signature(): Signature
    {
        return $this->managing('module:enable', 'Enables specified modules');
    }

    public function run(Input $input, Output $output): int
    {
        return $this->switch($input, $output, true);
    }
}
