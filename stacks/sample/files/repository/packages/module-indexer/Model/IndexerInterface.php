<?php

declare(strict_types=1);

namespace Shopkeeper\Indexer\Model;

interface IndexerInterface
{
    public function rebuildAll(): void;

    /** @param int[] $ids */
    public function rebuild(array $ids): void;
}
