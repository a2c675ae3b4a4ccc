<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Cache\Command;

use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Cache\CacheTypes;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Signature;

/** Commands that take cache types as arguments, none meaning all. */
abstract class AbstractTypesCommand extends Command
{
    public function __construct(
        protected readonly Cache $cache,
        protected readonly CacheTypes $types,
    ) {
    }

    protected function typed(string $name, string $description): Signature
    {
        return (new Signature($name, $description))
            ->argument('types', 'Space-separated list of cache types or omit to apply to all cache types.', false, true)
            ->option('bootstrap', 'Accepted for compatibility');
    }

    /** @return string[] */
    protected function requested(Input $input): array
    {
        return $this->types->resolve((array)$input->argument('types'));
    }
}
