<?php

declare(strict_types=1);

namespace Shopkeeper\CatalogSearch\Model;

use Shopkeeper\Indexer\Model\IndexerInterface;
use Shopkeeper\Store\Model\Store;
use Shopkeeper\Store\Model\StoreManager;

class FulltextIndexer implements IndexerInterface
{
    public function __construct(
        private readonly StoreManager $stores,
        private readonly Documents $documents,
        private readonly Index $index,
    ) {
    }

    public function rebuildAll(): void
    {
        $this->eachStore(fn (Store $store) => $this->index->replace($store, $this->documents->of([])));
    }

    public function rebuild(array $ids): void
    {
        $this->eachStore(function (Store $store) use ($ids): void {
            $documents = iterator_to_array($this->documents->of($ids));
            $this->index->update($store, $documents, array_values(array_diff($ids, array_keys($documents))));
        });
    }

    private function eachStore(callable $work): void
    {
        foreach ($this->stores->all() as $store) {
            if ($store->id !== Store::ADMIN_ID && $store->active) {
                $this->stores->emulate($store, static fn () => $work($store));
            }
        }
    }
}
