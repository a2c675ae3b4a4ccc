<?php

declare(strict_types=1);

namespace Shopkeeper\Indexer\Cron;

use Shopkeeper\Indexer\Model\Indexer;
use Shopkeeper\Indexer\Model\IndexerList;
use Shopkeeper\Indexer\Model\IndexManager;

class ReindexInvalid
{
    public function __construct(
        private readonly IndexerList $indexers,
        private readonly IndexManager $manager,
    ) {
    }

    public function execute(): void
    {
        foreach ($this->indexers->all() as $indexer) {
            if ($indexer->status === Indexer::INVALID) {
                $this->manager->rebuildAll($indexer);
            }
        }
    }
}
