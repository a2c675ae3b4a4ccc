<?php

declare(strict_types=1);

namespace Shop;

/**
 * The keys of env.php that shop owns, from env.json.
 *
 * Four markers are filled in here: `{"$secret": NAME}`, `{"$env": NAME}`, `{"$domain": KEY}` (the last two may have a
 * `default`), and `{"$all": {…}}`, a branch that may hold nothing else.
 */
final class TypedKeys
{
    /** @return array<mixed> with branches of `$all` as Whole */
    public static function load(): array
    {
        return array_map(self::resolve(...), self::json(Place::files('env.json')));
    }

    /**
     * The keys as Magento reads them.
     *
     * @return array<mixed>
     */
    public static function plain(): array
    {
        return self::withoutMarks(self::load());
    }

    private static function withoutMarks(mixed $value): mixed
    {
        $value = $value instanceof Whole ? $value->branch : $value;
        return is_array($value) ? array_map(self::withoutMarks(...), $value) : $value;
    }

    private static function resolve(mixed $value): mixed
    {
        if (!is_array($value)) {
            return $value;
        }
        $marker = array_key_first($value);
        return match ($marker) {
            '$secret' => Secret::read($value[$marker]),
            '$env' => self::orDefault($value, getenv($value[$marker]), "the variable {$value[$marker]}"),
            '$domain' => self::orDefault($value, self::domain($value[$marker]), "'{$value[$marker]}' of " . Place::host('domains.json')),
            '$all' => new Whole(array_map(self::resolve(...), $value[$marker])),
            default => array_map(self::resolve(...), $value),
        };
    }

    /** @param array<mixed> $leaf */
    private static function orDefault(array $leaf, mixed $found, string $what): mixed
    {
        if ($found !== false && $found !== null) {
            return $found;
        }
        return array_key_exists('default', $leaf)
            ? $leaf['default']
            : throw new Failure('app/etc/env.php needs ' . $what . ', which is not set.');
    }

    private static function domain(string $key): mixed
    {
        static $map = null;
        $map ??= self::json(Place::host('domains.json'));
        $found = $map;
        foreach (explode('.', $key) as $part) {
            $found = is_array($found) ? ($found[$part] ?? null) : null;
        }
        return $found;
    }

    /** @return array<mixed> */
    private static function json(string $path): array
    {
        $text = is_file($path) ? @file_get_contents($path) : false;
        if ($text === false) {
            throw new Failure("app/etc/env.php cannot be rendered: $path is missing or unreadable. `shop up` provides it.");
        }
        $data = json_decode($text, true);
        return is_array($data) ? $data : throw new Failure("$path is not a JSON object: " . json_last_error_msg() . '.');
    }
}
