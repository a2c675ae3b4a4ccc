<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\ObjectManager;

use ReflectionClass;
use ReflectionNamedType;

/** Constructor signatures: from the compiler's metadata where it ran, by reflection elsewhere. */
class Definitions
{
    /** @param array<string, array|null> $compiled */
    public function __construct(private array $compiled = [])
    {
    }

    /** @return array<int, array{0: string, 1: ?string, 2: bool, 3: mixed, 4: bool}>|null name, class, optional, default, variadic */
    public function of(string $class): ?array
    {
        if (!array_key_exists($class, $this->compiled)) {
            $this->compiled[$class] = self::reflect($class);
        }
        return $this->compiled[$class];
    }

    public static function reflect(string $class): ?array
    {
        $constructor = (new ReflectionClass($class))->getConstructor();
        if ($constructor === null) {
            return null;
        }
        $parameters = [];
        foreach ($constructor->getParameters() as $parameter) {
            $type = $parameter->getType();
            $parameters[] = [
                $parameter->getName(),
                $type instanceof ReflectionNamedType && !$type->isBuiltin() ? $type->getName() : null,
                $parameter->isOptional() || ($type !== null && $type->allowsNull()),
                $parameter->isDefaultValueAvailable() ? $parameter->getDefaultValue() : null,
                $parameter->isVariadic(),
            ];
        }
        return $parameters;
    }
}
