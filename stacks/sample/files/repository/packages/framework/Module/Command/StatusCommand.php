<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Module\Command;

use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Module\ModuleList;
use Shopkeeper\Framework\Module\ModuleRegistry;

class StatusCommand extends Command
{
    public function __construct(
        private readonly ModuleRegistry $registry,
        private readonly ModuleList $modules,
    ) {
    }

    public function signature(): Signature
    {
        return (new Signature('module:status', 'Displays status of modules'))
            ->argument('module-names', 'Optional module name', false, true)
            ->flag('enabled', 'Print only enabled modules')
            ->flag('disabled', 'Print only disabled modules');
    }

    public function run(Input $input, Output $output): int
    {
        $enabled = $this->modules->isConfigured() ? array_keys($this->modules->enabled()) : [];
        $disabled = array_values(array_diff(array_keys($this->registry->all()), $enabled));
        $names = (array)$input->argument('module-names');
        foreach ($names as $name) {
            $output->writeln($name . ' : ' . match (true) {
                !$this->registry->has($name) => '<error>Module does not exist</error>',
                in_array($name, $enabled, true) => '<info>Module is enabled</info>',
                default => '<info> Module is disabled</info>',
            });
        }
        if ($names !== []) {
            return self::SUCCESS;
        }
        if ($input->option('enabled') || $input->option('disabled')) {
            $output->writeln(($input->option('enabled') ? $enabled : $disabled) ?: 'None');
            return self::SUCCESS;
        }
        $output->writeln(['<info>List of enabled modules:</info>', ...($enabled ?: ['None']), '']);
        $output->writeln(['<info>List of disabled modules:</info>', ...($disabled ?: ['None']), '']);
        return self::SUCCESS;
    }
}
