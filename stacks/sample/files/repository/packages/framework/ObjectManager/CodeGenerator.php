<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\ObjectManager;

use Composer\Autoload\ClassLoader;
use ReflectionClass;
use ReflectionMethod;
use ReflectionNamedType;
use ReflectionParameter;
use ReflectionUnionType;
use Shopkeeper\Framework\App\Paths;
use Shopkeeper\Framework\Filesystem\AtomicFile;

/** Writes factories and interceptors below generated/code. */
class CodeGenerator
{
    private const FACTORY = 'Factory';
    private const INTERCEPTOR = '\\Interceptor';

    /** @param bool $renew whether classes whose source changed are generated again */
    public function __construct(
        private readonly Paths $paths,
        private readonly bool $renew = false,
    ) {
    }

    /** Loads a class that is not written by hand, and generates it where it is missing. */
    public function autoload(string $class): void
    {
        $source = $this->sourceOf($class);
        if ($source === null || $this->isWritten($class) || (!class_exists($source) && !interface_exists($source))) {
            return;
        }
        $file = $this->file($class);
        if (!is_file($file) || ($this->renew && filemtime($file) < filemtime((new ReflectionClass($source))->getFileName()))) {
            $file = $this->generate($class);
        }
        require_once $file;
    }

    /** Whether somebody wrote the class by hand. Such a one always wins. */
    private function isWritten(string $class): bool
    {
        foreach (ClassLoader::getRegisteredLoaders() as $loader) {
            $file = $loader->findFile($class);
            if ($file !== false && realpath($file) !== realpath($this->file($class))) {
                return true;
            }
        }
        return false;
    }

    public function generate(string $class): string
    {
        $source = $this->sourceOf($class);
        $code = str_ends_with($class, self::INTERCEPTOR) ? $this->interceptor($source) : $this->factory($class, $source);
        AtomicFile::write($this->file($class), $code);
        return $this->file($class);
    }

    private function sourceOf(string $class): ?string
    {
        foreach ([self::INTERCEPTOR, self::FACTORY] as $suffix) {
            if (str_ends_with($class, $suffix) && strlen($class) > strlen($suffix)) {
                return substr($class, 0, -strlen($suffix));
            }
        }
        return null;
    }

    private function file(string $class): string
    {
        return $this->paths->generated('code/' . str_replace('\\', '/', $class) . '.php');
    }

    private function factory(string $class, string $source): string
    {
        $namespace = substr($class, 0, strrpos($class, '\\'));
        $short = substr($class, strrpos($class, '\\') + 1);
        return <<<PHP
            <?php

            declare(strict_types=1);

            namespace {$namespace};

            class {$short}
            {
                public function __construct(private readonly \\Shopkeeper\\Framework\\ObjectManager\\ObjectManager \$objectManager)
                {
                }

                public function create(array \$arguments = []): \\{$source}
                {
                    return \$this->objectManager->create(\\{$source}::class, \$arguments);
                }
            }

            PHP;
    }

    private function interceptor(string $source): string
    {
        $class = new ReflectionClass($source);
        if ($class->isFinal()) {
            throw new \LogicException(sprintf('%s is final, so it cannot have plugins.', $source));
        }
        $methods = [];
        foreach ($class->getMethods(ReflectionMethod::IS_PUBLIC) as $method) {
            if (!$method->isStatic() && !$method->isFinal() && !str_starts_with($method->getName(), '__')) {
                $methods[] = $this->method($method);
            }
        }
        $body = implode("\n", $methods);
        return <<<PHP
            <?php

            declare(strict_types=1);

            namespace {$source};

            class Interceptor extends \\{$source}
            {
            {$body}
            }

            PHP;
    }

    private function method(ReflectionMethod $method): string
    {
        $parameters = array_map($this->parameter(...), $method->getParameters());
        $names = implode(', ', array_map(
            static fn (ReflectionParameter $p) => ($p->isVariadic() ? '...' : '') . '$' . $p->getName(),
            $method->getParameters()
        ));
        $return = $this->type($method->getReturnType(), $method);
        $chain = sprintf(
            '\\Shopkeeper\\Framework\\ObjectManager\\PluginChain::call($this, parent::class, %s, fn (...$a) => parent::%s(...$a), [%s])',
            var_export($method->getName(), true),
            $method->getName(),
            $names
        );
        $statement = in_array($return, ['void', 'never'], true) ? $chain : 'return ' . $chain;
        return sprintf(
            "    public function %s%s(%s)%s\n    {\n        %s;\n    }\n",
            $method->returnsReference() ? '&' : '',
            $method->getName(),
            implode(', ', $parameters),
            $return === '' ? '' : ': ' . $return,
            $statement
        );
    }

    private function parameter(ReflectionParameter $parameter): string
    {
        $code = trim($this->type($parameter->getType(), $parameter->getDeclaringFunction()) . ' ');
        $code .= ($code === '' ? '' : ' ') . ($parameter->isPassedByReference() ? '&' : '')
            . ($parameter->isVariadic() ? '...' : '') . '$' . $parameter->getName();
        if ($parameter->isDefaultValueAvailable()) {
            $code .= ' = ' . ($parameter->isDefaultValueConstant()
                ? '\\' . ltrim(str_replace('self::', $parameter->getDeclaringClass()->getName() . '::', $parameter->getDefaultValueConstantName()), '\\')
                : var_export($parameter->getDefaultValue(), true));
        }
        return $code;
    }

    private function type(?\ReflectionType $type, ReflectionMethod|\ReflectionFunctionAbstract $method): string
    {
        if ($type === null) {
            return '';
        }
        if ($type instanceof ReflectionNamedType) {
            $name = match ($type->getName()) {
                'self' => '\\' . $method->getDeclaringClass()->getName(),
                'static' => 'static',
                default => $type->isBuiltin() ? $type->getName() : '\\' . $type->getName(),
            };
            return ($type->allowsNull() && !in_array($name, ['mixed', 'null'], true) ? '?' : '') . $name;
        }
        $glue = $type instanceof ReflectionUnionType ? '|' : '&';
        return implode($glue, array_map(fn ($part) => ltrim($this->type($part, $method), '?'), $type->getTypes()));
    }
}
