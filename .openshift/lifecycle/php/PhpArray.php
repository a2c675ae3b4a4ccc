<?php

declare(strict_types=1);

namespace Shop;

/** An array as PHP, laid out as Magento's own writer does: a diff then shows what changed and nothing else. */
final class PhpArray
{
    /** @param array<mixed> $data */
    public static function file(array $data): string
    {
        return "<?php\nreturn " . self::value($data, 1) . ";\n";
    }

    private static function value(mixed $value, int $depth): string
    {
        if (!is_array($value)) {
            return $value === null ? 'null' : var_export($value, true);
        }
        $lines = [];
        foreach ($value as $key => $item) {
            $name = array_is_list($value) ? '' : var_export($key, true) . ' => ';
            $lines[] = str_repeat('    ', $depth) . $name . self::value($item, $depth + 1);
        }
        return $lines === [] ? '[]' : "[\n" . implode(",\n", $lines) . "\n" . str_repeat('    ', $depth - 1) . ']';
    }
}
