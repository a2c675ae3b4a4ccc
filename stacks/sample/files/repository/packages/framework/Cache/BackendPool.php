<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Cache;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\App\Paths;
use Shopkeeper\Framework\Redis\ClientFactory;

/** The storages env.php configures: "default" and "page_cache". */
class BackendPool
{
    public const DEFAULT = 'default';
    public const PAGE = 'page_cache';

    /** @var array<string, BackendInterface> */
    private array $backends = [];

    public function __construct(
        private readonly DeploymentConfig $config,
        private readonly Paths $paths,
    ) {
    }

    public function get(string $name): BackendInterface
    {
        return $this->backends[$name] ??= $this->create($name);
    }

    public function prefix(string $name): string
    {
        return (string)$this->config->get("cache/frontend/$name/id_prefix", '');
    }

    public function reset(): void
    {
        $this->backends = [];
    }

    private function create(string $name): BackendInterface
    {
        $frontend = (array)$this->config->get('cache/frontend/' . $name, []);
        // Redis and Valkey go by a class name, by a short name, or by an own class: all contain the word.
        if (preg_match('/redis|valkey/i', (string)($frontend['backend'] ?? ''))) {
            return new RedisBackend(ClientFactory::fromOptions((array)($frontend['backend_options'] ?? [])));
        }
        return new FileBackend($this->paths->var($name === self::PAGE ? 'page_cache' : 'cache'));
    }
}
