<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\ObjectManager;

/** What all di.xml files of an area say together. */
final class Config
{
    /** @var array<string, array<string, array>> */
    private array $mergedArguments = [];

    /**
     * @param array<string, string> $preferences interface or class => class to use
     * @param array<string, string> $virtualTypes name => class
     * @param array<string, array<string, array>> $arguments type => argument name => value node
     * @param array<string, array<string, array>> $plugins type => plugin name => {class, order, disabled}
     */
    public function __construct(
        public readonly array $preferences = [],
        public readonly array $virtualTypes = [],
        public readonly array $arguments = [],
        public readonly array $plugins = [],
    ) {
    }

    public function preference(string $type): string
    {
        $seen = [];
        while (isset($this->preferences[$type]) && !isset($seen[$type])) {
            $seen[$type] = true;
            $type = $this->preferences[$type];
        }
        return $type;
    }

    /** Arguments of a type, with those of its parents and interfaces below its own. */
    public function argumentsOf(string $type): array
    {
        if (isset($this->mergedArguments[$type])) {
            return $this->mergedArguments[$type];
        }
        $class = $this->virtualTypes[$type] ?? $type;
        $chain = class_exists($class) ? array_merge(class_implements($class), array_reverse(class_parents($class))) : [];
        $chain[] = $class;
        if ($class !== $type) {
            $chain[] = $type;
        }
        $merged = [];
        foreach (array_unique($chain) as $name) {
            $merged = self::mergeArguments($merged, $this->arguments[$name] ?? []);
        }
        return $this->mergedArguments[$type] = $merged;
    }

    /** @return array<string, array{class: string, order: int}> enabled plugins of a type, in their order */
    public function pluginsOf(string $type): array
    {
        if ($this->plugins === []) {
            return [];
        }
        $found = [];
        $chain = array_merge(class_implements($type), array_reverse(class_parents($type)), [$type]);
        foreach (array_unique($chain) as $name) {
            foreach ($this->plugins[$name] ?? [] as $plugin => $definition) {
                $found[$plugin] = array_merge($found[$plugin] ?? [], $definition);
            }
        }
        $found = array_filter($found, static fn (array $p) => isset($p['class']) && empty($p['disabled']));
        uasort($found, static fn (array $a, array $b) => ($a['order'] ?? 0) <=> ($b['order'] ?? 0));
        return $found;
    }

    public static function mergeArguments(array $base, array $over): array
    {
        foreach ($over as $name => $node) {
            if (($base[$name]['type'] ?? '') === 'array' && $node['type'] === 'array') {
                $node['value'] = self::mergeArguments($base[$name]['value'], $node['value']);
            }
            $base[$name] = $node;
        }
        return $base;
    }
}
