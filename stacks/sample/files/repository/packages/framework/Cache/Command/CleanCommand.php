<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Cache\Command;

use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;

class CleanCommand extends AbstractTypesCommand
{
    public function signature(): Signature
    {
        return $this->typed('cache:clean', 'Cleans cache type(s)');
    }

    public function run(Input $input, Output $output): int
    {
        $types = $this->requested($input);
        $this->cache->cleanTypes($types);
        $output->writeln(['Cleaned cache types:', ...$types]);
        return self::SUCCESS;
    }
}
