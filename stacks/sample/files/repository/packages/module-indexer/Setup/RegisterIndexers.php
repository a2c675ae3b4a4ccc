<?php

declare(strict_types=1);

namespace Shopkeeper\Indexer\Setup;

use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Setup\RecurringInterface;
use Shopkeeper\Indexer\Model\Indexer;
use Shopkeeper\Indexer\Model\IndexerList;

/** Gives every indexer its line in indexer_state. A new one has to be built. */
class RegisterIndexers implements RecurringInterface
{
    public function __construct(
        private readonly IndexerList $indexers,
        private readonly Connection $connection,
    ) {
    }

    public function run(): void
    {
        $rows = array_map(
            static fn (string $id) => ['indexer_id' => $id, 'status' => Indexer::INVALID],
            array_keys($this->indexers->all())
        );
        if ($rows !== []) {
            $this->connection->insertMultiple('indexer_state', $rows, ignore: true);
        }
    }
}
