<?php

declare(strict_types=1);

namespace Shop;

/** Secrets are files; they are read where they are needed and never leave the process. */
final class Secret
{
    public static function read(string $name): string
    {
        $path = Place::state("secrets/$name");
        if (!is_file($path)) {
            throw new Failure("Secret '$name' is missing: there is no $path. `shop up` makes it.");
        }
        $value = @file_get_contents($path);
        if ($value === false) {
            throw new Failure("Secret '$name' cannot be read: $path is for group 0, and this process is not in it.");
        }
        return $value;
    }
}
