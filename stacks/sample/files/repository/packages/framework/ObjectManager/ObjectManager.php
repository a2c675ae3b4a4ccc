<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\ObjectManager;

use LogicException;

/** Builds objects by their constructors' types and di.xml. */
class ObjectManager
{
    /** @var array<string, object> */
    private array $shared;

    /** @var array<string, true> */
    private array $building = [];

    public function __construct(
        private Config $config,
        private readonly Definitions $definitions,
        array $shared = [],
    ) {
        $this->shared = $shared + [self::class => $this];
    }

    /**
     * @template T of object
     * @param class-string<T> $type
     * @return T
     */
    public function get(string $type): object
    {
        $type = $this->config->preference(ltrim($type, '\\'));
        return $this->shared[$type] ??= $this->build($type, []);
    }

    /**
     * @template T of object
     * @param class-string<T> $type
     * @return T
     */
    public function create(string $type, array $arguments = []): object
    {
        return $this->build($this->config->preference(ltrim($type, '\\')), $arguments);
    }

    /** Replaces the configuration when the area becomes known. Objects that exist stay. */
    public function configure(Config $config): void
    {
        $this->config = $config;
    }

    public function share(string $type, object $instance): void
    {
        $this->shared[$type] = $instance;
    }

    private function build(string $type, array $given): object
    {
        if (isset($this->building[$type])) {
            throw new LogicException(
                'Classes need each other in a circle: ' . implode(' → ', array_keys($this->building)) . ' → ' . $type
            );
        }
        $class = $this->config->virtualTypes[$type] ?? $type;
        if (!class_exists($class)) {
            throw new LogicException(sprintf(
                interface_exists($class)
                    ? 'The interface %s has no <preference> in any di.xml.'
                    : 'The class %s does not exist.',
                $class
            ));
        }
        $this->building[$type] = true;
        try {
            $instantiated = $this->config->pluginsOf($class) === [] ? $class : $class . '\\Interceptor';
            return new $instantiated(...$this->arguments($type, $class, $given));
        } finally {
            unset($this->building[$type]);
        }
    }

    private function arguments(string $type, string $class, array $given): array
    {
        $configured = $this->config->argumentsOf($type);
        $values = [];
        foreach ($this->definitions->of($class) ?? [] as [$name, $needed, $optional, $default, $variadic]) {
            if ($variadic) {
                break;
            }
            if (array_key_exists($name, $given)) {
                $values[] = $given[$name];
            } elseif (isset($configured[$name])) {
                $values[] = $this->value($configured[$name]);
            } elseif ($needed !== null && !$optional) {
                $values[] = $this->get($needed);
            } elseif ($optional) {
                $values[] = $default;
            } else {
                throw new LogicException(sprintf('Nothing says what $%s of %s is.', $name, $type));
            }
        }
        return $values;
    }

    private function value(array $node): mixed
    {
        return match ($node['type']) {
            'object' => $this->get($node['value']),
            'array' => array_map($this->value(...), $node['value']),
            default => $node['value'],
        };
    }
}
