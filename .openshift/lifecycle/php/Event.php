<?php

declare(strict_types=1);

namespace Shop;

/** Lines for shop on stdout. */
final class Event
{
    public static function note(string $text): void
    {
        self::emit(['note' => $text]);
    }

    public static function warn(string $text): void
    {
        self::emit(['warn' => $text]);
    }

    public static function progress(int $done, int $total): void
    {
        self::emit(['done' => $done, 'total' => $total]);
    }

    /** @param array<string, int|string> $event */
    private static function emit(array $event): void
    {
        $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE;
        fwrite(STDOUT, '::shop::' . json_encode($event, $flags) . "\n");
    }
}
