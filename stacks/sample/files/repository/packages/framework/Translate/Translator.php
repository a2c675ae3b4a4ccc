<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Translate;

use Closure;

/** Holds the texts of the current language. It is static because __() is a function. */
final class Translator
{
    /** @var array<string, string>|null */
    private static ?array $texts = null;
    private static ?Closure $source = null;

    /** @param Closure(): array<string, string> $source asked when the first text is needed */
    public static function from(Closure $source): void
    {
        self::$source = $source;
        self::$texts = null;
    }

    public static function text(string $text, array $arguments): string
    {
        if (self::$texts === null) {
            // Texts that are needed while the others are being loaded stay as they are.
            self::$texts = [];
            self::$texts = self::$source === null ? [] : (self::$source)();
        }
        $text = self::$texts[$text] ?? $text;
        if ($arguments === []) {
            return $text;
        }
        $places = [];
        foreach (array_values($arguments) as $i => $argument) {
            $places['%' . ($i + 1)] = (string)$argument;
        }
        return strtr($text, $places);
    }
}
