<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Cache;

use InvalidArgumentException;
use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\App\DeploymentConfig\Writer;
use Shopkeeper\Framework\Config\XmlFiles;

/** Cache types of all modules (etc/cache.xml) and whether env.php switches them on. */
class CacheTypes
{
    /** @var array<string, array{label: string, tag: string, frontend: string}>|null */
    private ?array $types = null;

    public function __construct(
        private readonly XmlFiles $files,
        private readonly DeploymentConfig $config,
        private readonly Writer $writer,
    ) {
    }

    /** @return array<string, array{label: string, tag: string, frontend: string}> */
    public function all(): array
    {
        if ($this->types === null) {
            $this->types = [];
            foreach ($this->files->load('cache.xml') as $xml) {
                foreach ($xml->type as $type) {
                    $this->types[(string)$type['name']] = [
                        'label' => (string)$type->label,
                        'tag' => (string)$type['tag'],
                        'frontend' => (string)($type['frontend'] ?? BackendPool::DEFAULT),
                    ];
                }
            }
        }
        return $this->types;
    }

    public function isEnabled(string $type): bool
    {
        return (bool)$this->config->get('cache_types/' . $type, 0);
    }

    /**
     * @param string[] $types
     * @return string[] types that changed
     */
    public function setEnabled(array $types, bool $enabled): array
    {
        $changed = array_values(array_filter($types, fn (string $type) => $this->isEnabled($type) !== $enabled));
        if ($changed !== []) {
            $this->writer->save(DeploymentConfig::ENV, ['cache_types' => array_fill_keys($changed, (int)$enabled)]);
        }
        return $changed;
    }

    /**
     * @param string[] $requested empty means all
     * @return string[]
     */
    public function resolve(array $requested): array
    {
        $known = array_keys($this->all());
        $unknown = array_diff($requested, $known);
        if ($unknown !== []) {
            throw new InvalidArgumentException(sprintf(
                "The following requested cache types are not supported: '%s'.\nSupported types: %s",
                implode("', '", $unknown),
                implode(', ', $known)
            ));
        }
        return $requested === [] ? $known : array_values(array_intersect($known, $requested));
    }
}
