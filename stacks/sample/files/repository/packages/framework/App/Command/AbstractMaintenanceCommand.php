<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\App\Command;

use Shopkeeper\Framework\App\MaintenanceMode;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;

abstract class AbstractMaintenanceCommand extends Command
{
    public function __construct(protected readonly MaintenanceMode $mode)
    {
    }

    protected function withAddresses(string $name, string $description): Signature
    {
        return (new Signature($name, $description))
            ->list('ip', "Allowed IP addresses (use 'none' to clear allowed IP list)");
    }

    protected function switch(Input $input, Output $output, bool $on): int
    {
        $addresses = (array)$input->option('ip');
        foreach ($addresses as $address) {
            if ($address !== 'none' && !filter_var($address, FILTER_VALIDATE_IP)) {
                $output->writeln(sprintf('<error>Invalid IP %s</error>', $address));
                return self::FAILURE;
            }
        }
        $this->mode->set($on);
        $output->writeln('<info>' . ($on ? 'Enabled' : 'Disabled') . ' maintenance mode</info>');
        if ($addresses !== []) {
            $this->mode->setAddresses(array_values(array_diff($addresses, ['none'])));
            $output->writeln('<info>Set exempt IP-addresses: ' . (implode(', ', $this->mode->addresses()) ?: 'none') . '</info>');
        }
        return self::SUCCESS;
    }
}
