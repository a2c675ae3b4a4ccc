<?php

/**
 * Moves a tree of files into another one on the same file system. What is already there stays as it is; run again after
 * an interruption, it goes on.
 *
 *   php adopt.php FROM TO [LAST]     LAST: name of the file in FROM to move after all others
 */

declare(strict_types=1);

namespace Shop;

require __DIR__ . '/php/load.php';

function adopt(string $from, string $to): void
{
    if (!file_exists($to) && !is_link($to)) {
        @rename($from, $to) || throw new Failure("$to cannot be made: its directory is not writable.");
    } elseif (is_dir($from) && !is_link($from) && is_dir($to)) {
        foreach (array_diff(scandir($from), ['.', '..']) as $name) {
            adopt("$from/$name", "$to/$name");
        }
    }
}

Failure::shownBy(static function () use ($argv): int {
    [, $from, $to] = $argv;
    $names = array_diff(scandir($from), ['.', '..', $argv[3] ?? '']);
    foreach ([...$names, ...array_slice($argv, 3, 1)] as $name) {
        file_exists("$from/$name") && adopt("$from/$name", "$to/$name");
    }
    return 0;
});
