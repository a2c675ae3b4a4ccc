<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\App;

/**
 * The directories of an installation. Nothing is ever written outside etc, var, generated, static and media. The
 * variable MAGE_DIRS of $_SERVER, an array such as ['etc' => ['path' => '/elsewhere']], puts one somewhere else.
 */
final class Paths
{
    /** @param array<string, array{path?: string}> $elsewhere */
    public function __construct(
        public readonly string $root,
        private readonly array $elsewhere = [],
    ) {
    }

    public function etc(string $file = ''): string
    {
        return $this->below('etc', 'app/etc', $file);
    }

    public function var(string $file = ''): string
    {
        return $this->below('var', 'var', $file);
    }

    public function generated(string $file = ''): string
    {
        return $this->below('generated', 'generated', $file);
    }

    public function pub(string $file = ''): string
    {
        return $this->below('pub', 'pub', $file);
    }

    public function static(string $file = ''): string
    {
        return $this->below('static', 'pub/static', $file);
    }

    public function media(string $file = ''): string
    {
        return $this->below('media', 'pub/media', $file);
    }

    private function below(string $name, string $default, string $file): string
    {
        $directory = $this->elsewhere[$name]['path'] ?? $this->root . '/' . $default;
        return $directory . ($file === '' ? '' : '/' . $file);
    }
}
