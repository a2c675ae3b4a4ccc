<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Cache;

interface BackendInterface
{
    public function load(string $id): ?string;

    /** @param string[] $tags */
    public function save(string $data, string $id, array $tags = [], ?int $lifetime = null): void;

    public function remove(string $id): void;

    /** @param string[] $tags entries that carry any of these go */
    public function clean(array $tags): void;

    public function flush(): void;

    /** Throws when the storage cannot be used. */
    public function check(): void;
}
