<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\App;

/** The directories of an installation. Nothing is ever written outside etc, var, generated, static and media. */
final class Paths
{
    public function __construct(public readonly string $root)
    {
    }

    public function etc(string $file = ''): string
    {
        return $this->below('app/etc', $file);
    }

    public function var(string $file = ''): string
    {
        return $this->below('var', $file);
    }

    public function generated(string $file = ''): string
    {
        return $this->below('generated', $file);
    }

    public function pub(string $file = ''): string
    {
        return $this->below('pub', $file);
    }

    public function static(string $file = ''): string
    {
        return $this->below('pub/static', $file);
    }

    public function media(string $file = ''): string
    {
        return $this->below('pub/media', $file);
    }

    private function below(string $directory, string $file): string
    {
        return $this->root . '/' . $directory . ($file === '' ? '' : '/' . $file);
    }
}
