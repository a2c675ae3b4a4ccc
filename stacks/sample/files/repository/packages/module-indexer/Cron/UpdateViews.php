<?php

declare(strict_types=1);

namespace Shopkeeper\Indexer\Cron;

use Shopkeeper\Indexer\Model\IndexManager;

class UpdateViews
{
    public function __construct(private readonly IndexManager $manager)
    {
    }

    public function execute(): void
    {
        $this->manager->processChangelog();
    }
}
