<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup\Command;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Setup\DbStatus;

class DbStatusCommand extends Command
{
    /** Says "upgrade needed" as opposed to "cannot tell". */
    private const UPGRADE_REQUIRED = 2;

    public function __construct(
        private readonly DeploymentConfig $config,
        private readonly DbStatus $status,
    ) {
    }

    public function signature(): Signature
    {
        return (new Signature('setup:db:status', 'Checks if DB schema or data requires upgrade'))
            ->option('magento-init-params', 'Accepted for compatibility');
    }

    public function run(Input $input, Output $output): int
    {
        if (!$this->config->isAvailable()) {
            $output->writeln('<info>No information is available: the Magento application is not installed.</info>');
            return self::FAILURE;
        }
        $reasons = $this->status->reasons();
        if ($reasons !== []) {
            foreach ($reasons as $reason) {
                $output->writeln('<info>' . $reason . '</info>');
            }
            $output->writeln("<info>Run 'setup:upgrade' to update your DB schema and data.</info>");
            return self::UPGRADE_REQUIRED;
        }
        $output->writeln('<info>All modules are up to date.</info>');
        return self::SUCCESS;
    }
}
