<?php

declare(strict_types=1);

namespace Shop;

/** app/etc/env.php: evaluated, and replaced in one step. */
final class EnvFile
{
    private const NAME = 'app/etc/env.php';
    private const MODE = 0660;
    /** What the last update left, for when somebody deletes the file. */
    private const COPY = 'memory/env.php';
    /** How long Magento may need to write the file, which it does in place: until then a broken one may be half-written. */
    private const PATIENCE_MS = 1500;

    /**
     * Its content; empty without a file.
     *
     * @return array<mixed>
     */
    public static function read(): array
    {
        return self::text() === null ? [] : self::evaluate();
    }

    /**
     * Writes what `$change` makes of the content, if that differs. Nothing is lost when Magento writes at the same time
     * (then the change is made again on what it wrote) or when the file is broken (then it is kept beside).
     *
     * @param callable(array<mixed>): array<mixed> $change
     * @return array{array<mixed>, array<mixed>} content before and after
     */
    public static function update(callable $change): array
    {
        $lock = @fopen(Place::state('memory/env.lock'), 'c');
        if ($lock !== false) {
            flock($lock, LOCK_EX);
            // Under the lock nobody writes one: these were left by somebody who was killed.
            foreach (glob(self::path() . '.[0-9]*') ?: [] as $left) {
                @unlink($left);
            }
        }
        do {
            $text = self::text();
            $before = $text === null ? [] : self::evaluatePatiently();
            $after = $change($before);
            if ($text !== null && $before === $after) {
                break;
            }
            $temporary = self::prepare(PhpArray::file($after));
        } while (!self::replace($text, $temporary));
        self::remember($after);
        return [$before, $after];
    }

    /**
     * What the last update left; empty when nobody knows.
     *
     * @return array<mixed>
     */
    public static function remembered(): array
    {
        $path = Place::state(self::COPY);
        try {
            $data = is_file($path) ? (static fn () => include $path)() : [];
        } catch (\Throwable) {
            $data = [];
        }
        return is_array($data) ? $data : [];
    }

    /**
     * A copy that cannot be kept is missed only by who deletes the file.
     *
     * @param array<mixed> $content
     */
    private static function remember(array $content): void
    {
        $path = Place::state(self::COPY);
        $text = PhpArray::file($content);
        if (!is_writable(dirname($path)) || @file_get_contents($path) === $text) {
            return;
        }
        $temporary = "$path." . getmypid();
        if (@file_put_contents($temporary, $text) === strlen($text)) {
            chmod($temporary, self::MODE);
            rename($temporary, $path);
        }
    }

    /** @return array<mixed> */
    private static function evaluatePatiently(): array
    {
        for ($waited = 0; ; $waited += 100) {
            try {
                return self::evaluate();
            } catch (BrokenEnv $broken) {
                if ($waited >= self::PATIENCE_MS) {
                    return self::setAside($broken->getMessage());
                }
                usleep(100_000);
            }
        }
    }

    /** @return array<mixed> */
    private static function evaluate(): array
    {
        $path = self::path();
        ob_start();
        try {
            $data = (static fn () => include $path)();
        } catch (\Throwable $error) {
            $place = $error->getFile() . ' line ' . $error->getLine();
            // What PHP says of a text that it cannot parse quotes it, and passwords stand in there.
            $why = $error instanceof \ParseError ? 'it is no valid PHP' : $error->getMessage();
            throw new BrokenEnv("app/etc/env.php cannot be evaluated: $why in $place.");
        } finally {
            ob_end_clean();
        }
        return is_array($data) ? $data : throw new BrokenEnv("app/etc/env.php does not return an array: $path.");
    }

    /** @return array<mixed> the content to go on from: none */
    private static function setAside(string $why): array
    {
        $kept = self::path() . '.broken-' . gmdate('Ymd\THis\Z');
        if (trim((string) self::text()) === '') {
            return [];
        }
        if (!@copy(self::path(), $kept)) {
            throw new Failure("$why It cannot be kept as $kept, so it is left alone; make app/etc writable or repair the file.");
        }
        chmod($kept, self::MODE);
        Event::warn("$why It is kept as app/etc/" . basename($kept) . '; a new one is made from the settings of the shop.');
        return [];
    }

    private static function prepare(string $content): string
    {
        $temporary = self::path() . '.' . getmypid();
        $mask = umask(0777 & ~self::MODE);
        $written = @file_put_contents($temporary, $content);
        umask($mask);
        if ($written !== strlen($content)) {
            @unlink($temporary);
            throw new Failure(dirname(self::path()) . ' cannot be written: it must be writable for the user or for group 0.');
        }
        chmod($temporary, self::MODE);
        return $temporary;
    }

    /** @return bool false when the file is no longer what the change was made on */
    private static function replace(?string $text, string $temporary): bool
    {
        if (self::text() !== $text) {
            unlink($temporary);
            return false;
        }
        return rename($temporary, self::path()) ?: throw new Failure(self::path() . ' cannot be replaced.');
    }

    private static function text(): ?string
    {
        $path = self::path();
        clearstatcache();
        if (!file_exists($path)) {
            return null;
        }
        $text = @file_get_contents($path);
        return $text === false ? throw new Failure("$path cannot be read by this user.") : $text;
    }

    /** The file itself where app/etc/env.php is a link to it. */
    private static function path(): string
    {
        return realpath(Place::app(self::NAME)) ?: Place::app(self::NAME);
    }
}
