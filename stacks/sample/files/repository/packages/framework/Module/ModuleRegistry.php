<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Module;

use RuntimeException;
use Shopkeeper\Framework\Component\ComponentRegistrar;

/** Every module whose code is here, enabled or not, in the order their sequences ask for. */
class ModuleRegistry
{
    /** @var array<string, Module>|null */
    private ?array $modules = null;

    /** @return array<string, Module> */
    public function all(): array
    {
        return $this->modules ??= $this->sort($this->load());
    }

    public function has(string $name): bool
    {
        return isset($this->all()[$name]);
    }

    /** @return array<string, Module> */
    private function load(): array
    {
        $modules = [];
        foreach (ComponentRegistrar::paths(ComponentRegistrar::MODULE) as $name => $path) {
            $file = $path . '/etc/module.xml';
            $xml = is_file($file) ? @simplexml_load_file($file) : false;
            if ($xml === false || (string)($xml->module['name'] ?? '') !== $name) {
                throw new RuntimeException(sprintf(
                    'The module %s has no readable %s with <module name="%s">.',
                    $name,
                    $file,
                    $name
                ));
            }
            $sequence = [];
            foreach ($xml->module->sequence->module ?? [] as $before) {
                $sequence[] = (string)$before['name'];
            }
            $modules[$name] = new Module($name, $path, (string)($xml->module['setup_version'] ?? ''), $sequence);
        }
        ksort($modules);
        return $modules;
    }

    /**
     * @param array<string, Module> $modules
     * @return array<string, Module>
     */
    private function sort(array $modules): array
    {
        $sorted = [];
        $visiting = [];
        $visit = function (Module $module) use (&$visit, &$sorted, &$visiting, $modules): void {
            if (isset($sorted[$module->name])) {
                return;
            }
            if (isset($visiting[$module->name])) {
                throw new RuntimeException(
                    'Modules wait for each other in a circle: ' . implode(' → ', array_keys($visiting))
                );
            }
            $visiting[$module->name] = true;
            foreach ($module->sequence as $before) {
                if (isset($modules[$before])) {
                    $visit($modules[$before]);
                }
            }
            unset($visiting[$module->name]);
            $sorted[$module->name] = $module;
        };
        array_walk($modules, $visit(...));
        return $sorted;
    }
}
