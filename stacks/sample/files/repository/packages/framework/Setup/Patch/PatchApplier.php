<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup\Patch;

use RuntimeException;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Module\Module;
use Shopkeeper\Framework\Module\ModuleList;
use Shopkeeper\Framework\ObjectManager\ObjectManager;
use Throwable;

/** Finds the patches of enabled modules below Setup/Patch and applies each once; patch_list remembers. */
class PatchApplier
{
    private const KINDS = ['Schema' => SchemaPatchInterface::class, 'Data' => DataPatchInterface::class];

    public function __construct(
        private readonly ModuleList $modules,
        private readonly Connection $connection,
        private readonly ObjectManager $objectManager,
    ) {
    }

    /** @return array<string, string[]> module => classes still to be applied, in order */
    public function pending(string $kind): array
    {
        $applied = array_flip($this->connection->fetchCol('SELECT patch_name FROM ' . $this->connection->table('patch_list')));
        $pending = [];
        foreach ($this->ordered($kind) as $class => $module) {
            $names = array_merge([$class], (new \ReflectionClass($class))->newInstanceWithoutConstructor()->getAliases());
            if (array_intersect_key(array_flip($names), $applied) === []) {
                $pending[$module][] = $class;
            }
        }
        return $pending;
    }

    public function apply(string $kind, string $class): void
    {
        /** @var PatchInterface $patch */
        $patch = $this->objectManager->create($class);
        $work = function () use ($patch, $class): void {
            $patch->apply();
            $this->connection->insert('patch_list', ['patch_name' => $class]);
        };
        try {
            $kind === 'Data' ? $this->connection->transaction($work) : $work();
        } catch (Throwable $e) {
            throw new RuntimeException(sprintf('Unable to apply the patch %s: %s', $class, $e->getMessage()), 0, $e);
        }
    }

    /** @return array<string, string> class => module, dependencies first */
    private function ordered(string $kind): array
    {
        $all = [];
        foreach ($this->modules->enabled() as $module) {
            foreach ($this->classes($module, $kind) as $class) {
                $all[$class] = $module->name;
            }
        }
        $ordered = [];
        $visit = static function (string $class) use (&$visit, &$ordered, $all): void {
            if (isset($ordered[$class]) || !isset($all[$class])) {
                return;
            }
            foreach ($class::getDependencies() as $before) {
                $visit($before);
            }
            $ordered[$class] = $all[$class];
        };
        array_map($visit, array_keys($all));
        return $ordered;
    }

    /** @return string[] */
    private function classes(Module $module, string $kind): array
    {
        $classes = [];
        foreach (glob($module->path . '/Setup/Patch/' . $kind . '/*.php') ?: [] as $file) {
            $class = $module->namespace() . '\\Setup\\Patch\\' . $kind . '\\' . basename($file, '.php');
            if (!is_subclass_of($class, self::KINDS[$kind])) {
                throw new RuntimeException(sprintf('%s must hold the class %s and it must implement %s.', $file, $class, self::KINDS[$kind]));
            }
            $classes[] = $class;
        }
        return $classes;
    }
}
