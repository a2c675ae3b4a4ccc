<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Cache;

/** Entries by cache type. A type that is switched off stores and finds nothing. */
class Cache
{
    public const CONFIG = 'config';
    public const BLOCK_HTML = 'block_html';
    public const COLLECTIONS = 'collections';
    public const TRANSLATE = 'translate';
    public const FULL_PAGE = 'full_page';

    public function __construct(
        private readonly BackendPool $backends,
        private readonly CacheTypes $types,
        private readonly HttpCachePurger $httpCaches,
    ) {
    }

    public function load(string $type, string $id): ?string
    {
        return $this->types->isEnabled($type) ? $this->backend($type)->load($this->id($type, $id)) : null;
    }

    /** @param string[] $tags */
    public function save(string $type, string $id, string $data, array $tags = [], ?int $lifetime = null): void
    {
        if (!$this->types->isEnabled($type)) {
            return;
        }
        $prefix = $this->backends->prefix($this->frontend($type));
        $tags[] = $this->types->all()[$type]['tag'];
        $this->backend($type)->save(
            $data,
            $this->id($type, $id),
            array_map(static fn (string $tag) => $prefix . $tag, array_values(array_unique($tags))),
            $lifetime
        );
    }

    /**
     * @template T
     * @param callable(): T $make
     * @return T plain values only, they travel as JSON; an empty list is not kept
     */
    public function remember(string $type, string $id, callable $make, array $tags = [], ?int $lifetime = null): mixed
    {
        $found = $this->load($type, $id);
        if ($found !== null) {
            return json_decode($found, true);
        }
        $value = $make();
        if ($value === []) {
            return $value;
        }
        $this->save($type, $id, json_encode($value, JSON_THROW_ON_ERROR), $tags, $lifetime);
        return $value;
    }

    public function remove(string $type, string $id): void
    {
        $this->backend($type)->remove($this->id($type, $id));
    }

    /** @param string[] $types */
    public function cleanTypes(array $types): void
    {
        foreach ($types as $type) {
            $frontend = $this->frontend($type);
            $this->backends->get($frontend)->clean([$this->backends->prefix($frontend) . $this->types->all()[$type]['tag']]);
        }
        if (in_array(self::FULL_PAGE, $types, true)) {
            $this->httpCaches->purgeAll();
        }
    }

    /**
     * Drops entries of every type that carry one of the tags.
     *
     * @param string[] $tags
     */
    public function cleanTags(array $tags): void
    {
        foreach ([BackendPool::DEFAULT, BackendPool::PAGE] as $frontend) {
            $prefix = $this->backends->prefix($frontend);
            $this->backends->get($frontend)->clean(array_map(static fn (string $tag) => $prefix . $tag, $tags));
        }
        $this->httpCaches->purge($tags);
    }

    /** @param string[] $types whose whole storage is emptied */
    public function flush(array $types): void
    {
        foreach (array_unique(array_map($this->frontend(...), $types)) as $frontend) {
            $this->backends->get($frontend)->flush();
        }
        if (in_array(self::FULL_PAGE, $types, true)) {
            $this->httpCaches->purgeAll();
        }
    }

    private function backend(string $type): BackendInterface
    {
        return $this->backends->get($this->frontend($type));
    }

    private function frontend(string $type): string
    {
        return $this->types->all()[$type]['frontend'];
    }

    private function id(string $type, string $id): string
    {
        return $this->backends->prefix($this->frontend($type)) . strtoupper($type) . '_' . $id;
    }
}
