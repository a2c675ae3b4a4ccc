<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Console;

final class Table
{
    /**
     * @param string[] $headers
     * @param array<int, array<int, string>> $rows
     */
    public static function render(array $headers, array $rows): string
    {
        $widths = [];
        foreach (array_merge([$headers], $rows) as $row) {
            foreach (array_values($row) as $i => $cell) {
                $widths[$i] = max($widths[$i] ?? 0, mb_strwidth(strip_tags((string)$cell)));
            }
        }
        $rule = '+' . implode('+', array_map(static fn (int $w) => str_repeat('-', $w + 2), $widths)) . "+\n";
        $line = static function (array $row) use ($widths): string {
            $cells = [];
            foreach (array_values($row) as $i => $cell) {
                $cells[] = ' ' . $cell . str_repeat(' ', $widths[$i] - mb_strwidth(strip_tags((string)$cell)) + 1);
            }
            return '|' . implode('|', $cells) . "|\n";
        };
        return $rule . $line($headers) . $rule . implode('', array_map($line, $rows)) . $rule;
    }
}
