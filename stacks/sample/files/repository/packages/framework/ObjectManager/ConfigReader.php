<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\ObjectManager;

use RuntimeException;
use Shopkeeper\Framework\Config\XmlFiles;
use SimpleXMLElement;

class ConfigReader
{
    private const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

    public function __construct(private readonly XmlFiles $files)
    {
    }

    public function read(string $area): Config
    {
        $preferences = $virtualTypes = $arguments = $plugins = [];
        foreach ($this->files->load('di.xml', $area) as $xml) {
            foreach ($xml->preference as $node) {
                $preferences[$this->name($node['for'])] = $this->name($node['type']);
            }
            foreach ($xml->virtualType as $node) {
                $name = $this->name($node['name']);
                $virtualTypes[$name] = $this->name($node['type']);
                $arguments[$name] = Config::mergeArguments($arguments[$name] ?? [], $this->arguments($node));
            }
            foreach ($xml->type as $node) {
                $name = $this->name($node['name']);
                $arguments[$name] = Config::mergeArguments($arguments[$name] ?? [], $this->arguments($node));
                foreach ($node->plugin as $plugin) {
                    $plugins[$name][(string)$plugin['name']] = array_merge(
                        $plugins[$name][(string)$plugin['name']] ?? [],
                        array_filter([
                            'class' => isset($plugin['type']) ? $this->name($plugin['type']) : null,
                            'order' => isset($plugin['sortOrder']) ? (int)$plugin['sortOrder'] : null,
                            'disabled' => isset($plugin['disabled']) ? (string)$plugin['disabled'] === 'true' : null,
                        ], static fn ($value) => $value !== null)
                    );
                }
            }
        }
        return new Config($preferences, $virtualTypes, array_filter($arguments), $plugins);
    }

    private function arguments(SimpleXMLElement $type): array
    {
        $arguments = [];
        foreach ($type->arguments->argument ?? [] as $node) {
            $arguments[(string)$node['name']] = $this->value($node);
        }
        return $arguments;
    }

    private function value(SimpleXMLElement $node): array
    {
        $type = (string)$node->attributes(self::XSI)['type'];
        $text = trim((string)$node);
        if ($type === 'array') {
            $items = [];
            foreach ($node->item as $item) {
                $items[(string)$item['name']] = $this->value($item);
            }
            return ['type' => 'array', 'value' => $items];
        }
        return ['type' => $type, 'value' => match ($type) {
            'object' => ltrim($text, '\\'),
            'boolean' => $text === 'true' || $text === '1',
            'number' => $text + 0,
            'null' => null,
            'const' => constant($text),
            'string' => $text,
            default => throw new RuntimeException(sprintf('Unknown xsi:type "%s" in di.xml.', $type)),
        }];
    }

    private function name(SimpleXMLElement $attribute): string
    {
        return ltrim((string)$attribute, '\\');
    }
}
