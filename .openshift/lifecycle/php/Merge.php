<?php

declare(strict_types=1);

namespace Shop;

/** Owned keys over what is there. */
final class Merge
{
    /**
     * Existing keys keep their place: Magento compares a hash of the serialized `system` branch with the one it imported
     * last, and another order of the same keys would count as a change.
     *
     * @param array<mixed> $there
     * @param array<mixed> $owned
     * @return array<mixed>
     */
    public static function over(array $there, array $owned): array
    {
        foreach ($owned as $key => $value) {
            $below = $there[$key] ?? [];
            $there[$key] = match (true) {
                $value instanceof Whole => self::whole($below, $value),
                self::isBranch($value) => self::over(is_array($below) ? $below : [], $value),
                default => $value,
            };
        }
        return $there;
    }

    /** @return array<mixed> */
    private static function whole(mixed $there, Whole $owned): array
    {
        return self::over(is_array($there) ? array_intersect_key($there, $owned->branch) : [], self::asWhole($owned->branch));
    }

    /**
     * Nothing foreign stays in branches below an owned one either.
     *
     * @param array<mixed> $branch
     * @return array<mixed>
     */
    private static function asWhole(array $branch): array
    {
        return array_map(static fn ($value) => self::isBranch($value) ? new Whole($value) : $value, $branch);
    }

    /** A list is one value, and so is an empty array. */
    private static function isBranch(mixed $value): bool
    {
        return is_array($value) && !array_is_list($value);
    }
}
