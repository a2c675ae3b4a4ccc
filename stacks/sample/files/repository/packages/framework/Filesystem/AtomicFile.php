<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Filesystem;

use RuntimeException;

/** Writes a file so that a reader, or a kill in the middle, sees the old or the new content and nothing between. */
final class AtomicFile
{
    public static function write(string $path, string $content, int $newMode = 0666): void
    {
        Directory::ensure(dirname($path));
        // A bind mount of one single file cannot be renamed over, so the temporary file is a neighbour.
        $temporary = sprintf('%s/.%s.%s', dirname($path), basename($path), bin2hex(random_bytes(4)));
        if (@file_put_contents($temporary, $content) !== strlen($content)) {
            @unlink($temporary);
            throw new RuntimeException(sprintf('Cannot write %s: %s', $path, self::reason()));
        }
        $mode = is_file($path) ? fileperms($path) & 0777 : $newMode & ~umask();
        @chmod($temporary, $mode);
        if (!@rename($temporary, $path)) {
            $reason = self::reason();
            @unlink($temporary);
            throw new RuntimeException(sprintf('Cannot replace %s: %s', $path, $reason));
        }
        if (function_exists('opcache_invalidate')) {
            @opcache_invalidate($path, true);
        }
    }

    private static function reason(): string
    {
        return error_get_last()['message'] ?? 'unknown reason';
    }
}
