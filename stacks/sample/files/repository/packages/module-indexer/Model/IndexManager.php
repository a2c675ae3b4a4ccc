<?php

declare(strict_types=1);

namespace Shopkeeper\Indexer\Model;

use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Log\Logger;
use Shopkeeper\Framework\ObjectManager\ObjectManager;
use Throwable;

/** Runs indexers and keeps their state. */
class IndexManager
{
    public function __construct(
        private readonly IndexerList $indexers,
        private readonly Connection $connection,
        private readonly ObjectManager $objectManager,
        private readonly Logger $logger,
    ) {
    }

    public function rebuildAll(Indexer $indexer): void
    {
        $this->state($indexer->id, ['status' => Indexer::WORKING]);
        try {
            // What changes while the index is built is noted again, so only earlier notes are dropped.
            $until = (int)$this->connection->fetchOne('SELECT MAX(version_id) FROM ' . $this->connection->table('indexer_changelog'));
            $this->worker($indexer)->rebuildAll();
            $this->forget($indexer, $until);
            $this->state($indexer->id, ['status' => Indexer::VALID, 'updated' => gmdate('Y-m-d H:i:s')]);
        } catch (Throwable $e) {
            $this->state($indexer->id, ['status' => Indexer::INVALID]);
            throw $e;
        }
    }

    /**
     * Things changed: indexers that work at once do so, scheduled ones are told. A failing indexer becomes invalid
     * and is rebuilt by cron; it does not keep the change from being saved.
     *
     * @param int[] $ids
     */
    public function changed(array $ids): void
    {
        foreach ($this->indexers->all() as $indexer) {
            if ($indexer->mode === Indexer::SCHEDULE) {
                $this->connection->insertMultiple('indexer_changelog', array_map(
                    static fn (int $id) => ['indexer_id' => $indexer->id, 'entity_id' => $id],
                    $ids
                ));
                continue;
            }
            $this->update($indexer, $ids);
        }
    }

    public function processChangelog(): void
    {
        foreach ($this->indexers->all() as $indexer) {
            if ($indexer->backlog === 0) {
                continue;
            }
            $table = $this->connection->table('indexer_changelog');
            $until = (int)$this->connection->fetchOne("SELECT MAX(version_id) FROM $table WHERE indexer_id = ?", [$indexer->id]);
            $ids = $this->connection->fetchCol(
                "SELECT DISTINCT entity_id FROM $table WHERE indexer_id = ? AND version_id <= ?",
                [$indexer->id, $until]
            );
            if ($this->update($indexer, array_map('intval', $ids))) {
                $this->forget($indexer, $until);
            }
        }
    }

    public function invalidate(Indexer $indexer): void
    {
        $this->state($indexer->id, ['status' => Indexer::INVALID]);
    }

    public function setMode(Indexer $indexer, string $mode): void
    {
        $this->state($indexer->id, ['mode' => $mode]);
    }

    private function update(Indexer $indexer, array $ids): bool
    {
        if ($indexer->status !== Indexer::VALID) {
            return false;
        }
        try {
            $this->worker($indexer)->rebuild($ids);
            return true;
        } catch (Throwable $e) {
            $this->logger->exception($e);
            $this->invalidate($indexer);
            return false;
        }
    }

    private function worker(Indexer $indexer): IndexerInterface
    {
        return $this->objectManager->get($indexer->class);
    }

    private function forget(Indexer $indexer, int $until): void
    {
        $this->connection->query(
            'DELETE FROM ' . $this->connection->table('indexer_changelog') . ' WHERE indexer_id = ? AND version_id <= ?',
            [$indexer->id, $until]
        );
    }

    private function state(string $id, array $values): void
    {
        $this->connection->insertOnDuplicate('indexer_state', ['indexer_id' => $id] + $values, array_keys($values));
    }
}
