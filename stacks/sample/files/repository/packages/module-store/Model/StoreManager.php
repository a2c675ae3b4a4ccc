<?php

declare(strict_types=1);

namespace Shopkeeper\Store\Model;

use RuntimeException;
use Shopkeeper\Framework\App\Area;
use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Db\Connection;

/** All stores, and the one this request is for: MAGE_RUN_TYPE and MAGE_RUN_CODE say which, else the default one. */
class StoreManager
{
    /** @var array<int, Store>|null */
    private ?array $stores = null;
    private ?Store $current = null;

    public function __construct(
        private readonly Connection $connection,
        private readonly Cache $cache,
        private readonly Area $area,
    ) {
    }

    /** @return array<int, Store> */
    public function all(): array
    {
        // While the shop is being installed there are no stores yet, which must not be remembered.
        if (!$this->stores) {
            $rows = $this->cache->remember(Cache::CONFIG, 'stores', fn () => $this->connection->fetchAll(
                "SELECT s.store_id, s.code, s.name, s.is_active, s.website_id, w.code website_code, s.group_id,
                        g.root_category_id, g.default_store_id, w.is_default, w.default_group_id
                 FROM {$this->connection->table('store')} s
                 JOIN {$this->connection->table('store_website')} w ON w.website_id = s.website_id
                 JOIN {$this->connection->table('store_group')} g ON g.group_id = s.group_id
                 ORDER BY w.is_default DESC, w.website_id, g.group_id = w.default_group_id DESC,
                          s.store_id = g.default_store_id DESC, s.sort_order, s.store_id"
            ));
            $this->stores = [];
            foreach ($rows as $row) {
                $this->stores[(int)$row['store_id']] = new Store(
                    (int)$row['store_id'],
                    $row['code'],
                    $row['name'],
                    (int)$row['website_id'],
                    $row['website_code'],
                    (int)$row['group_id'],
                    (int)$row['root_category_id'],
                    (bool)$row['is_active']
                );
            }
        }
        return $this->stores;
    }

    public function current(): Store
    {
        return $this->current ??= $this->determine();
    }

    /**
     * Works as if the request were for another store.
     *
     * @template T
     * @param callable(): T $work
     * @return T
     */
    public function emulate(Store $store, callable $work): mixed
    {
        $before = $this->current;
        $this->current = $store;
        try {
            return $work();
        } finally {
            $this->current = $before;
        }
    }

    public function byCode(string $code): Store
    {
        foreach ($this->all() as $store) {
            if ($store->code === $code) {
                return $store;
            }
        }
        throw new RuntimeException(sprintf('The store that was requested wasn\'t found: "%s". Verify the store and try again.', $code));
    }

    /** The store that visitors get when nothing else is said. */
    public function default(): Store
    {
        foreach ($this->all() as $store) {
            if ($store->id !== Store::ADMIN_ID && $store->active) {
                return $store;
            }
        }
        throw new RuntimeException('No active store. Set store.is_active of one store to 1.');
    }

    private function determine(): Store
    {
        if ($this->area->code === Area::ADMIN) {
            return $this->all()[Store::ADMIN_ID];
        }
        $code = (string)($_SERVER['MAGE_RUN_CODE'] ?? '');
        if ($code === '') {
            return $this->default();
        }
        if (($_SERVER['MAGE_RUN_TYPE'] ?? 'store') !== 'website') {
            return $this->byCode($code);
        }
        foreach ($this->all() as $store) {
            if ($store->websiteCode === $code && $store->active) {
                return $store;
            }
        }
        throw new RuntimeException(sprintf('The website "%s" of MAGE_RUN_CODE has no active store.', $code));
    }
}
