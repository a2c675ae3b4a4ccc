<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\App\Command;

use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;

class MaintenanceEnableCommand extends AbstractMaintenanceCommand
{
    public function signature(): Signature
    {
        return $this->withAddresses('maintenance:enable', 'Enables maintenance mode');
    }

    public function run(Input $input, Output $output): int
    {
        return $this->switch($input, $output, true);
    }
}
