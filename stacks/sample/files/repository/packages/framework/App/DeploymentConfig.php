<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\App;

use JsonException;
use RuntimeException;

/**
 * What app/etc/config.php and app/etc/env.php say. MAGENTO_DC__OVERRIDE (JSON, replaces top-level keys)
 * and MAGENTO_DC_A__B__C variables come on top, for containers that are configured by environment.
 */
class DeploymentConfig
{
    public const CONFIG = 'config.php';
    public const ENV = 'env.php';

    private ?array $data = null;

    public function __construct(private readonly Paths $paths)
    {
    }

    public function get(string $path, mixed $default = null): mixed
    {
        $value = $this->all();
        foreach (explode('/', $path) as $key) {
            if (!is_array($value) || !array_key_exists($key, $value)) {
                return $default;
            }
            $value = $value[$key];
        }
        return $value;
    }

    public function all(): array
    {
        if ($this->data === null) {
            $data = array_replace_recursive($this->file(self::CONFIG), $this->file(self::ENV));
            $this->data = $this->withEnvironment($data);
        }
        return $this->data;
    }

    /** The content of one file, as it is evaluated. */
    public function file(string $name): array
    {
        $path = $this->paths->etc($name);
        if (!is_file($path)) {
            return [];
        }
        $content = include $path;
        if (!is_array($content)) {
            throw new RuntimeException(sprintf('%s must return an array, it returns %s.', $path, gettype($content)));
        }
        return $content;
    }

    /** Whether setup:install came to its end. */
    public function isAvailable(): bool
    {
        return (bool)$this->get('install/date');
    }

    public function isDbAvailable(): bool
    {
        return (bool)$this->get('db/connection/default/host');
    }

    public function reset(): void
    {
        $this->data = null;
        foreach ([self::CONFIG, self::ENV] as $name) {
            clearstatcache(true, $this->paths->etc($name));
        }
    }

    private function withEnvironment(array $data): array
    {
        $variables = getenv();
        $override = $variables['MAGENTO_DC__OVERRIDE'] ?? '';
        if ($override !== '') {
            try {
                $data = array_replace($data, (array)json_decode($override, true, 512, JSON_THROW_ON_ERROR));
            } catch (JsonException $e) {
                throw new RuntimeException('The variable MAGENTO_DC__OVERRIDE is not valid JSON: ' . $e->getMessage());
            }
        }
        foreach ($variables as $name => $value) {
            if (!str_starts_with($name, 'MAGENTO_DC_') || $name === 'MAGENTO_DC__OVERRIDE') {
                continue;
            }
            $node = &$data;
            foreach (explode('__', strtolower(substr($name, strlen('MAGENTO_DC_')))) as $key) {
                if (!is_array($node)) {
                    $node = [];
                }
                $node = &$node[$key];
            }
            $node = $value;
            unset($node);
        }
        return $data;
    }
}
