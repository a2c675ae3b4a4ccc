<?php

declare(strict_types=1);

namespace Shopkeeper\Cron\Console;

use Shopkeeper\Cron\Model\Runner;
use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;

class RunCommand extends Command
{
    public function __construct(
        private readonly Runner $runner,
        private readonly DeploymentConfig $config,
    ) {
    }

    public function signature(): Signature
    {
        return (new Signature('cron:run', 'Runs jobs by schedule'))
            ->option('group', 'Run jobs only from specified group')
            ->list('exclude-group', 'Exclude jobs from the specified group')
            ->option('bootstrap', 'Accepted for compatibility: groups always run in this process');
    }

    public function run(Input $input, Output $output): int
    {
        if (!$this->config->isAvailable()) {
            $output->writeln('<error>You cannot run this command because the Magento application is not installed.</error>');
            return self::FAILURE;
        }
        if (!$this->config->get('cron/enabled', 1)) {
            $output->writeln('<info>Cron is disabled. Jobs were not run.</info>');
            return self::SUCCESS;
        }
        $this->runner->run($input->option('group'), (array)$input->option('exclude-group'));
        $output->writeln('<info>Ran jobs by schedule.</info>');
        return self::SUCCESS;
    }
}
