<?php

declare(strict_types=1);

namespace Shopkeeper\Webapi\Model;

use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Config\XmlFiles;

/** Routes of all modules (etc/webapi.xml). */
class RouteList
{
    private const CACHE = 'config_webservice';

    public function __construct(
        private readonly XmlFiles $files,
        private readonly Cache $cache,
    ) {
    }

    public function find(string $method, string $path): Route
    {
        $known = false;
        foreach ($this->all() as $route) {
            $pattern = '~^' . preg_replace('~/:(\w+)~', '/(?<$1>[^/]+)', $route['url']) . '$~';
            if (!preg_match($pattern, $path, $match)) {
                continue;
            }
            $known = true;
            if ($route['method'] === $method) {
                $parameters = array_map('rawurldecode', array_filter($match, 'is_string', ARRAY_FILTER_USE_KEY));
                return new Route($route['class'], $route['call'], $route['resources'], $parameters);
            }
        }
        throw $known
            ? new WebapiException('The method is not allowed for this address.', 405)
            : new WebapiException('Request does not match any route.', 404);
    }

    private function all(): array
    {
        return $this->cache->remember(self::CACHE, 'routes', function (): array {
            $routes = [];
            foreach ($this->files->load('webapi.xml') as $xml) {
                foreach ($xml->route as $node) {
                    $resources = [];
                    foreach ($node->resources->resource ?? [] as $resource) {
                        $resources[] = (string)$resource['ref'];
                    }
                    $routes[] = [
                        'url' => (string)$node['url'],
                        'method' => (string)$node['method'],
                        'class' => (string)$node->service['class'],
                        'call' => (string)$node->service['method'],
                        'resources' => $resources,
                    ];
                }
            }
            return $routes;
        });
    }
}
