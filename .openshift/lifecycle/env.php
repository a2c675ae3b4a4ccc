<?php

/**
 * Renders app/etc/env.php: the typed keys that shop owns over what is there. Keys it does not own are kept, since
 * Magento and its users write there too (cache_types, locked settings, the date of the installation).
 *
 *   php env.php [installed|not-installed|remembered]    also sets or takes away the date of the installation, by which
 *                                                       Magento knows that it is installed; `remembered` sets it in a
 *                                                       file that somebody deleted or broke
 */

declare(strict_types=1);

namespace Shop;

require __DIR__ . '/php/load.php';

/** @return list<string> names of leaves that differ, never their values */
function changes(array $before, array $after, string $below = ''): array
{
    $names = [];
    foreach (array_keys($before + $after) as $key) {
        [$old, $new] = [$before[$key] ?? null, $after[$key] ?? null];
        if (is_array($old) && is_array($new)) {
            array_push($names, ...changes($old, $new, "$below$key."));
        } elseif ($old !== $new) {
            $names[] = "$below$key";
        }
    }
    return $names;
}

Failure::shownBy(static function () use ($argv): int {
    $keys = TypedKeys::load();
    $installation = $argv[1] ?? '';
    [$before, $after] = EnvFile::update(static function (array $there) use ($keys, $installation): array {
        if ($there === [] && $installation !== 'not-installed' && $installation !== '') {
            // Which caches are on, and what else is not of shop's own keys: as it was.
            $there = EnvFile::remembered();
            $there['install']['date'] ??= date('r');
        } elseif ($installation === 'installed') {
            $there['install']['date'] ??= date('r');
        } elseif ($installation === 'not-installed') {
            unset($there['install']);
        }
        return Merge::over($there, $keys);
    });
    $names = changes($before, $after);
    if ($before !== [] && $names !== []) {
        $more = count($names) > 5 ? ' and ' . count($names) - 5 . ' more' : '';
        Event::note('app/etc/env.php: set ' . implode(', ', array_slice($names, 0, 5)) . $more);
    }
    return 0;
});
