<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Cache\Command;

use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;

abstract class AbstractSwitchCommand extends AbstractTypesCommand
{
    protected function switch(Input $input, Output $output, bool $enable): int
    {
        $changed = $this->types->setEnabled($this->requested($input), $enable);
        if ($changed === []) {
            $output->writeln('There is nothing to change in cache status');
            return self::SUCCESS;
        }
        $output->writeln('Changed cache status:');
        foreach ($changed as $type) {
            $output->writeln(sprintf('%30s: %d -> %d', $type, !$enable, $enable));
        }
        if ($enable) {
            $this->cache->cleanTypes($changed);
            $output->writeln(['Cleaned cache types:', ...$changed]);
        }
        return self::SUCCESS;
    }
}
