<?php

declare(strict_types=1);

namespace Shop;

/** Where things are in a container. The variables exist for tests; no service sets them. */
final class Place
{
    public static function app(string $path): string
    {
        return self::below('SHOP_APP', '/app', $path);
    }

    public static function files(string $path): string
    {
        return self::below('SHOP_FILES', '/shop/files', $path);
    }

    public static function host(string $path): string
    {
        return self::below('SHOP_HOST', '/shop/host', $path);
    }

    public static function state(string $path): string
    {
        return self::below('SHOP_STATE', '/shop/state', $path);
    }

    private static function below(string $variable, string $default, string $path): string
    {
        return (getenv($variable) ?: $default) . '/' . $path;
    }
}
