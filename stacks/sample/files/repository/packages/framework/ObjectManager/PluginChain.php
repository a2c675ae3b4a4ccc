<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\ObjectManager;

use Closure;

/** Runs the before, around and after methods of a type's plugins. Generated interceptors call it. */
final class PluginChain
{
    private static ?ObjectManager $objectManager = null;
    private static ?Config $config = null;

    public static function use(ObjectManager $objectManager, Config $config): void
    {
        self::$objectManager = $objectManager;
        self::$config = $config;
    }

    public static function call(object $subject, string $type, string $method, Closure $original, array $arguments): mixed
    {
        $plugins = array_map(
            static fn (array $plugin) => self::$objectManager->get($plugin['class']),
            array_values(self::$config->pluginsOf($type))
        );
        return self::next($plugins, 0, $subject, ucfirst($method), $original, $arguments);
    }

    private static function next(array $plugins, int $at, object $subject, string $method, Closure $original, array $arguments): mixed
    {
        if (!isset($plugins[$at])) {
            return $original(...$arguments);
        }
        $plugin = $plugins[$at];
        if (method_exists($plugin, 'before' . $method)) {
            $changed = $plugin->{'before' . $method}($subject, ...$arguments);
            $arguments = $changed === null ? $arguments : array_values((array)$changed);
        }
        $proceed = static fn (...$passed) => self::next(
            $plugins,
            $at + 1,
            $subject,
            $method,
            $original,
            $passed === [] ? $arguments : $passed
        );
        $result = method_exists($plugin, 'around' . $method)
            ? $plugin->{'around' . $method}($subject, $proceed, ...$arguments)
            : $proceed(...$arguments);
        if (method_exists($plugin, 'after' . $method)) {
            $result = $plugin->{'after' . $method}($subject, $result, ...$arguments);
        }
        return $result;
    }
}
