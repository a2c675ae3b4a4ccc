<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Cache\Command;

use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;

class StatusCommand extends AbstractTypesCommand
{
    public function signature(): Signature
    {
        return (new Signature('cache:status', 'Checks cache status'))->option('bootstrap', 'Accepted for compatibility');
    }

    public function run(Input $input, Output $output): int
    {
        $output->writeln('Current status:');
        foreach (array_keys($this->types->all()) as $type) {
            $output->writeln(sprintf('%30s: %d', $type, $this->types->isEnabled($type)));
        }
        return self::SUCCESS;
    }
}
