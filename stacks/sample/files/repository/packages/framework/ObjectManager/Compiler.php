<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\ObjectManager;

use ReflectionClass;
use RuntimeException;
use Shopkeeper\Framework\App\Area;
use Shopkeeper\Framework\App\Paths;
use Shopkeeper\Framework\Component\ComponentRegistrar;
use Shopkeeper\Framework\Filesystem\AtomicFile;
use Shopkeeper\Framework\Filesystem\Directory;
use Shopkeeper\Framework\Module\ModuleList;
use Throwable;

/** Generates every factory and interceptor, and writes down di.xml and constructors so that requests need not read them. */
class Compiler
{
    private const AREAS = [Area::GLOBAL, Area::FRONTEND, Area::ADMIN, Area::REST];
    private const SKIPPED = '~(^|/)(Test|Tests|view|etc|i18n|media|web)/|(^|/)(registration|functions)\.php$~';

    public function __construct(
        private readonly ModuleList $modules,
        private readonly Paths $paths,
        private readonly ConfigReader $reader,
        private readonly CodeGenerator $generator,
    ) {
    }

    /** @param callable(string): void $report */
    public function compile(callable $report): void
    {
        $report('Code generator');
        Directory::clear($this->paths->generated('code'));
        Directory::clear($this->paths->generated('metadata'));
        $definitions = [];
        foreach ($this->classes() as $class) {
            $definitions[$class] = Definitions::reflect($class);
        }
        foreach ($definitions as $class => $parameters) {
            foreach ($parameters ?? [] as [$name, $needed]) {
                if ($needed !== null && !class_exists($needed) && !interface_exists($needed)) {
                    throw new RuntimeException(sprintf('Class %s, which %s needs as $%s, does not exist.', $needed, $class, $name));
                }
                if ($needed !== null && !isset($definitions[$needed]) && class_exists($needed)) {
                    $definitions[$needed] = Definitions::reflect($needed);
                }
            }
        }
        $report('Interception cache');
        $configs = [];
        foreach (self::AREAS as $area) {
            $configs[$area] = $this->reader->read($area);
            foreach (array_keys($definitions) as $class) {
                if ((new ReflectionClass($class))->isInstantiable() && $configs[$area]->pluginsOf($class) !== []) {
                    $this->generator->generate($class . '\\Interceptor');
                }
            }
        }
        $report('Area configuration aggregation');
        foreach ($configs as $area => $config) {
            $this->write($area . '.php', [
                'config' => [$config->preferences, $config->virtualTypes, $config->arguments, $config->plugins],
            ]);
        }
        $this->write('definitions.php', $definitions);
    }

    /** @return iterable<string> */
    private function classes(): iterable
    {
        $trees = ['Shopkeeper\\Framework' => ComponentRegistrar::path(ComponentRegistrar::LIBRARY, 'shopkeeper/framework')];
        foreach ($this->modules->enabled() as $module) {
            $trees[$module->namespace()] = $module->path;
        }
        foreach ($trees as $namespace => $path) {
            foreach (Directory::files($path) as $file => $absolute) {
                if (!str_ends_with($file, '.php') || preg_match(self::SKIPPED, $file)) {
                    continue;
                }
                $class = $namespace . '\\' . str_replace('/', '\\', substr($file, 0, -4));
                try {
                    if (class_exists($class)) {
                        yield $class;
                    }
                } catch (Throwable $e) {
                    throw new RuntimeException(sprintf('%s cannot be loaded: %s', $absolute, $e->getMessage()), 0, $e);
                }
            }
        }
    }

    private function write(string $file, array $data): void
    {
        AtomicFile::write($this->paths->generated('metadata/' . $file), '<?php return ' . var_export($data, true) . ";\n");
    }
}
