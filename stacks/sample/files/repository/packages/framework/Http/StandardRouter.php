<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

use Shopkeeper\Framework\App\Area;
use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Config\XmlFiles;
use Shopkeeper\Framework\Module\ModuleList;
use Shopkeeper\Framework\ObjectManager\ObjectManager;

/**
 * frontName/controller/action/name/value… is the class Controller\Controller\Action of the module that
 * etc/AREA/routes.xml gives the front name to. In the back office the first part of the path is its own name.
 */
class StandardRouter implements RouterInterface
{
    private const RESERVED = ['list' => 'ListAction', 'print' => 'PrintAction', 'new' => 'NewAction', 'default' => 'DefaultAction'];

    public function __construct(
        private readonly XmlFiles $files,
        private readonly ModuleList $modules,
        private readonly ObjectManager $objectManager,
        private readonly Cache $cache,
        private readonly Area $area,
    ) {
    }

    public function match(Request $request): ActionInterface|Response|null
    {
        $parts = explode('/', $request->path());
        if ($this->area->code === Area::ADMIN) {
            array_shift($parts);
            $parts = ($parts === [] || $parts[0] === '') ? ['admin'] : $parts;
        }
        $frontName = array_shift($parts);
        $controller = array_shift($parts) ?: 'index';
        $action = array_shift($parts) ?: 'index';
        $class = $this->actionClass((string)$frontName, $controller, $action);
        if ($class === null) {
            return null;
        }
        foreach (array_chunk($parts, 2) as $pair) {
            $request->setParam($pair[0], $pair[1] ?? null);
        }
        return $this->objectManager->create($class);
    }

    private function actionClass(string $frontName, string $controller, string $action): ?string
    {
        foreach ($this->routes()[$frontName] ?? [] as $module) {
            if (!$this->modules->isEnabled($module)) {
                continue;
            }
            $class = str_replace('_', '\\', $module) . '\\Controller\\'
                . ($this->area->code === Area::ADMIN ? 'Adminhtml\\' : '')
                . $this->word($controller) . '\\' . (self::RESERVED[$action] ?? $this->word($action));
            if (class_exists($class) && is_subclass_of($class, ActionInterface::class)) {
                return $class;
            }
        }
        return null;
    }

    /** @return array<string, string[]> front name => modules */
    private function routes(): array
    {
        return $this->cache->remember(Cache::CONFIG, 'routes_' . $this->area->code, function (): array {
            $routes = [];
            if ($this->area->code === Area::GLOBAL) {
                return $routes;
            }
            foreach ($this->files->load('routes.xml', $this->area->code) as $xml) {
                foreach ($xml->router->route ?? [] as $route) {
                    foreach ($route->module as $module) {
                        $routes[(string)$route['frontName']][] = (string)$module['name'];
                    }
                }
            }
            return $routes;
        });
    }

    /** "order_create" is the class Order\Create. */
    private function word(string $name): string
    {
        return implode('\\', array_map(
            static fn (string $part) => str_replace('-', '', ucwords(preg_replace('/[^A-Za-z0-9-]/', '', $part), '-')),
            explode('_', $name)
        ));
    }
}
