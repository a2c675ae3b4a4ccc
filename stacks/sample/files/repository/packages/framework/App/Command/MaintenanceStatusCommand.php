<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\App\Command;

use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;

class MaintenanceStatusCommand extends AbstractMaintenanceCommand
{
    public function signature(): Signature
    {
        return new Signature('maintenance:status', 'Displays maintenance mode status');
    }

    public function run(Input $input, Output $output): int
    {
        $output->writeln('<info>Status: maintenance mode is ' . ($this->mode->isOn() ? 'active' : 'not active') . '</info>');
        $output->writeln('<info>List of exempt IP-addresses: ' . (implode(' ', $this->mode->addresses()) ?: 'none') . '</info>');
        return self::SUCCESS;
    }
}
