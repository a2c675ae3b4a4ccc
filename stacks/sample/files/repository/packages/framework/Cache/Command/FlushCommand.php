<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Cache\Command;

use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;

class FlushCommand extends AbstractTypesCommand
{
    public function signature(): Signature
    {
        return $this->typed('cache:flush', 'Flushes cache storage used by cache type(s)');
    }

    public function run(Input $input, Output $output): int
    {
        $types = $this->requested($input);
        $this->cache->flush($types);
        $output->writeln(['Flushed cache types:', ...$types]);
        return self::SUCCESS;
    }
}
