<?php

declare(strict_types=1);

namespace Shopkeeper\Store\Model;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Config\XmlFiles;
use Shopkeeper\Framework\Db\Connection;

/**
 * Settings from five places, the later winning: etc/config.xml, core_config_data, config.php, env.php and
 * variables like CONFIG__DEFAULT__WEB__SECURE__BASE_URL. Within a place a store wins over its website and that over the default.
 */
class ScopeConfig implements ScopeConfigInterface
{
    private ?array $sources = null;

    public function __construct(
        private readonly DeploymentConfig $deployment,
        private readonly XmlFiles $files,
        private readonly Connection $connection,
        private readonly Cache $cache,
        private readonly StoreManager $stores,
    ) {
    }

    public function get(string $path, ?string $scope = null, ?string $code = null): mixed
    {
        $sources = $this->sources();
        if ($scope === null && (!$this->deployment->isDbAvailable() || $this->stores->all() === [])) {
            $scope = self::DEFAULT;
        }
        [$storeCode, $websiteCode] = $this->scopeCodes($scope, $code);
        // From the strongest to the weakest: scopes first, then places.
        foreach ([[self::STORE, $storeCode], [self::WEBSITE, $websiteCode], [self::DEFAULT, null]] as [$kind, $name]) {
            if ($kind !== self::DEFAULT && $name === null) {
                continue;
            }
            foreach ($sources as $source) {
                $branch = $kind === self::DEFAULT ? $source[self::DEFAULT] ?? [] : $source[$kind][$name] ?? [];
                $value = self::dig($branch, $path);
                if ($value !== null) {
                    return $this->complete($value, $path, $sources, $kind, $name);
                }
            }
        }
        return null;
    }

    public function flag(string $path, ?string $scope = null, ?string $code = null): bool
    {
        $value = $this->get($path, $scope, $code);
        return $value !== null && $value !== 'false' && (bool)$value;
    }

    /** Whether a deployment file or a variable decides, so that the database cannot. */
    public function isLocked(string $path, string $scope = self::DEFAULT, ?string $code = null): bool
    {
        foreach (array_slice($this->sources(), 0, 2) as $source) {
            if (self::dig($scope === self::DEFAULT ? $source[self::DEFAULT] ?? [] : $source[$scope][$code] ?? [], $path) !== null) {
                return true;
            }
        }
        return false;
    }

    public function reset(): void
    {
        $this->sources = null;
    }

    /** @return array{0: ?string, 1: ?string} */
    private function scopeCodes(?string $scope, ?string $code): array
    {
        return match (true) {
            $scope === self::DEFAULT => [null, null],
            $scope === self::WEBSITE => [null, $code],
            $scope === self::STORE && $code !== null => [$code, $this->stores->byCode($code)->websiteCode],
            default => [$this->stores->current()->code, $this->stores->current()->websiteCode],
        };
    }

    /** A section or group is put together from all places, a single field comes from the first that has it. */
    private function complete(mixed $value, string $path, array $sources, string $kind, ?string $name): mixed
    {
        if (!is_array($value)) {
            return $value;
        }
        $merged = [];
        foreach (array_reverse($sources) as $source) {
            $branch = $kind === self::DEFAULT ? $source[self::DEFAULT] ?? [] : $source[$kind][$name] ?? [];
            $merged = array_replace_recursive($merged, (array)self::dig($branch, $path));
        }
        return $merged;
    }

    /** @return array<int, array> strongest first */
    private function sources(): array
    {
        return $this->sources ??= [
            $this->fromVariables(),
            (array)$this->deployment->get('system', []),
            ...($this->deployment->isDbAvailable()
                ? $this->cache->remember(Cache::CONFIG, 'scopes', fn () => [$this->fromDatabase(), $this->fromXml()])
                : [$this->fromXml()]),
        ];
    }

    private function fromVariables(): array
    {
        $tree = [];
        foreach (getenv() as $name => $value) {
            if (!str_starts_with($name, 'CONFIG__')) {
                continue;
            }
            $keys = explode('__', strtolower(substr($name, strlen('CONFIG__'))));
            $node = &$tree;
            foreach ($keys as $key) {
                $node = &$node[$key];
            }
            $node = $value;
            unset($node);
        }
        return $tree;
    }

    private function fromDatabase(): array
    {
        $codes = [self::WEBSITE => [], self::STORE => []];
        foreach ($this->stores->all() as $store) {
            $codes[self::STORE][$store->id] = $store->code;
            $codes[self::WEBSITE][$store->websiteId] = $store->websiteCode;
        }
        $tree = [];
        $rows = $this->connection->fetchAll('SELECT scope, scope_id, path, value FROM ' . $this->connection->table('core_config_data'));
        foreach ($rows as $row) {
            $prefix = $row['scope'] === self::DEFAULT ? [self::DEFAULT] : [$row['scope'], $codes[$row['scope']][$row['scope_id']] ?? null];
            if (in_array(null, $prefix, true)) {
                continue;
            }
            $node = &$tree;
            foreach (array_merge($prefix, explode('/', $row['path'])) as $key) {
                if (!is_array($node)) {
                    $node = [];
                }
                $node = &$node[$key];
            }
            $node = $row['value'];
            unset($node);
        }
        return $tree;
    }

    private function fromXml(): array
    {
        $tree = [];
        foreach ($this->files->load('config.xml') as $xml) {
            $tree = array_replace_recursive($tree, (array)json_decode(json_encode($xml), true));
        }
        // An empty element comes out of json_encode as an empty array.
        array_walk_recursive($tree, static fn (mixed &$value) => $value = $value === [] ? '' : $value);
        return $tree;
    }

    private static function dig(mixed $branch, string $path): mixed
    {
        foreach (explode('/', $path) as $key) {
            if (!is_array($branch) || !isset($branch[$key])) {
                return null;
            }
            $branch = $branch[$key];
        }
        return $branch;
    }
}
