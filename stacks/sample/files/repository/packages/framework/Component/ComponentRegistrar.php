<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Component;

use LogicException;

/**
 * Collects where modules, themes and libraries live. It is static because registration.php files
 * run while composer's autoloader is being built, before any object exists.
 */
final class ComponentRegistrar
{
    public const MODULE = 'module';
    public const LIBRARY = 'library';
    public const THEME = 'theme';

    /** @var array<string, array<string, string>> */
    private static array $paths = [self::MODULE => [], self::LIBRARY => [], self::THEME => []];

    public static function register(string $type, string $name, string $path): void
    {
        $known = self::$paths[$type][$name] ?? null;
        if ($known !== null && realpath($known) !== realpath($path)) {
            throw new LogicException(sprintf(
                'The %s "%s" is registered twice: in %s and in %s. Remove one of the two.',
                $type,
                $name,
                $known,
                $path
            ));
        }
        self::$paths[$type][$name] = $path;
    }

    /** @return array<string, string> */
    public static function paths(string $type): array
    {
        return self::$paths[$type];
    }

    public static function path(string $type, string $name): ?string
    {
        return self::$paths[$type][$name] ?? null;
    }
}
