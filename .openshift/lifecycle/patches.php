<?php

/**
 * The patches of the project.
 *
 *   php patches.php now             the packages that are patched and by what, a line each
 *   php patches.php changed FILE    packages that are patched in another way than FILE says, which `now` wrote
 *   php patches.php apply           puts on the patches of m2-hotfixes
 */

declare(strict_types=1);

namespace Shop;

require __DIR__ . '/php/load.php';

/** Whether `patch` would do so without complaint; with `$really`, it does. */
function patch(string $file, bool $back, bool $really): bool
{
    $options = [...($back ? ['--reverse'] : []), ...($really ? [] : ['--dry-run'])];
    $command = ['patch', '--strip=1', '--batch', '--force', '--no-backup-if-mismatch', '--reject-file=-', ...$options, "--input=$file"];
    $process = proc_open($command, [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes, Place::app(''));
    return $process !== false && proc_close($process) === 0;
}

Failure::shownBy(static function () use ($argv): int {
    switch ($argv[1] ?? '') {
        case 'now':
            echo PatchSet::ofProject()->text();
            return 0;
        case 'changed':
            echo implode(' ', PatchSet::ofProject()->changedSince(PatchSet::fromText((string) @file_get_contents($argv[2])))), "\n";
            return 0;
        case 'apply':
            // Later ones may change what earlier ones made, so those that are on are taken off from the last one backwards.
            $on = array_filter(array_reverse(PatchSet::hotfixes()), static fn (string $file): bool => patch($file, true, false)
                && patch($file, true, true));
            foreach (PatchSet::hotfixes() as $file) {
                patch($file, false, true) || throw new Failure('m2-hotfixes/' . basename($file)
                    . ' does not fit the packages that composer.lock names: bring it up to date, or remove it.');
                in_array($file, $on, true) || Event::note('m2-hotfixes/' . basename($file) . ' is put on');
            }
            return 0;
        default:
            throw new Failure('usage: php patches.php now|changed FILE|apply');
    }
});
