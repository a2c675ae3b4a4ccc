<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Translate;

/** Holds the texts of the current language. It is static because __() is a function. */
final class Translator
{
    /** @var array<string, string> */
    private static array $texts = [];

    /** @param array<string, string> $texts */
    public static function use(array $texts): void
    {
        self::$texts = $texts;
    }

    public static function text(string $text, array $arguments): string
    {
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
