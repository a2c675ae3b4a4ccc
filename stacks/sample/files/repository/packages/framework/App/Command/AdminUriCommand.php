<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\App\Command;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;

class AdminUriCommand extends Command
{
    public function __construct(private readonly DeploymentConfig $config)
    {
    }

    public function signature(): Signature
    {
        return new Signature('info:adminuri', 'Displays the Magento Admin URI');
    }

    public function run(Input $input, Output $output): int
    {
        $output->writeln("\nAdmin URI: /" . $this->config->get('backend/frontName') . "\n");
        return self::SUCCESS;
    }
}
