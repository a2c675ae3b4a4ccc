<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Filesystem;

use FilesystemIterator;
use RecursiveDirectoryIterator;
use RecursiveIteratorIterator;
use RuntimeException;
use SplFileInfo;

final class Directory
{
    public static function ensure(string $path): void
    {
        // Another process may create it between the test and mkdir, so the last test decides.
        if (!is_dir($path) && !@mkdir($path, 0777, true) && !is_dir($path)) {
            throw new RuntimeException(sprintf(
                'Cannot create the directory %s: %s',
                $path,
                error_get_last()['message'] ?? 'unknown reason'
            ));
        }
    }

    /** Empties a directory and keeps it, with the files named in $keep. */
    public static function clear(string $path, array $keep = ['.htaccess', '.gitkeep']): void
    {
        if (!is_dir($path)) {
            return;
        }
        $items = new RecursiveIteratorIterator(
            new RecursiveDirectoryIterator($path, FilesystemIterator::SKIP_DOTS),
            RecursiveIteratorIterator::CHILD_FIRST
        );
        /** @var SplFileInfo $item */
        foreach ($items as $item) {
            if ($item->isDir() && !$item->isLink()) {
                @rmdir($item->getPathname());
            } elseif (!in_array($item->getFilename(), $keep, true)) {
                @unlink($item->getPathname());
            }
        }
    }

    /** @return iterable<string, string> relative path => absolute path of each file */
    public static function files(string $path): iterable
    {
        if (!is_dir($path)) {
            return;
        }
        $items = new RecursiveIteratorIterator(new RecursiveDirectoryIterator($path, FilesystemIterator::SKIP_DOTS));
        foreach ($items as $item) {
            if ($item->isFile()) {
                yield ltrim(substr($item->getPathname(), strlen($path)), '/') => $item->getPathname();
            }
        }
    }
}
