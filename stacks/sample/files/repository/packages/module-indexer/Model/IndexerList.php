<?php

declare(strict_types=1);

namespace Shopkeeper\Indexer\Model;

use InvalidArgumentException;
use Shopkeeper\Framework\Config\XmlFiles;
use Shopkeeper\Framework\Db\Connection;

/** Indexers of all modules (etc/indexer.xml), with their state in the database. */
class IndexerList
{
    public function __construct(
        private readonly XmlFiles $files,
        private readonly Connection $connection,
    ) {
    }

    /** @return array<string, Indexer> */
    public function all(): array
    {
        $states = [];
        foreach ($this->connection->fetchAll('SELECT * FROM ' . $this->connection->table('indexer_state')) as $row) {
            $states[$row['indexer_id']] = $row;
        }
        $backlog = $this->connection->fetchPairs(
            'SELECT indexer_id, COUNT(DISTINCT entity_id) FROM ' . $this->connection->table('indexer_changelog') . ' GROUP BY indexer_id'
        );
        $indexers = [];
        foreach ($this->files->load('indexer.xml') as $xml) {
            foreach ($xml->indexer as $node) {
                $id = (string)$node['id'];
                $indexers[$id] = new Indexer(
                    $id,
                    (string)$node->title,
                    (string)$node['class'],
                    $states[$id]['status'] ?? Indexer::INVALID,
                    $states[$id]['mode'] ?? Indexer::REALTIME,
                    $states[$id]['updated'] ?? null,
                    (int)($backlog[$id] ?? 0)
                );
            }
        }
        return $indexers;
    }

    /**
     * @param string[] $ids none means all
     * @return array<string, Indexer>
     */
    public function some(array $ids): array
    {
        $all = $this->all();
        $unknown = array_diff($ids, array_keys($all));
        if ($unknown !== []) {
            throw new InvalidArgumentException(sprintf(
                "The following requested index types are not supported: '%s'.\nSupported types: %s",
                implode("', '", $unknown),
                implode(', ', array_keys($all))
            ));
        }
        return $ids === [] ? $all : array_intersect_key($all, array_flip($ids));
    }
}
