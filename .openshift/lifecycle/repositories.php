<?php

/**
 * Asks the composer repositories of the project, or the one of URL, whether they take the keys that there are: before the
 * first of several hundred packages is downloaded, not in the middle.
 *
 *   php repositories.php [URL]
 */

declare(strict_types=1);

namespace Shop;

require __DIR__ . '/php/load.php';

/** Asks every repository of composer.json in each run that installs something, whatever composer.lock says. */
const AUDIT = 'magento/composer-dependency-version-audit-plugin';

function locked(string $package): bool
{
    $lock = json_decode((string) @file_get_contents(Place::app('composer.lock')), true);
    return in_array($package, array_column($lock['packages'] ?? [], 'name'), true);
}

Failure::shownBy(static function () use ($argv): int {
    $keys = Keys::load();
    $repositories = isset($argv[1]) ? [new ComposerRepository($argv[1])] : ComposerRepository::ofProject();
    foreach ($repositories as $repository) {
        $refusal = $repository->refusal($keys);
        $host = $repository->host();
        if ($refusal?->kind === Refusal::KEY) {
            throw new Failure("$refusal->what; nothing was downloaded. Put the right one into auth.json beside shop.yaml: "
                . json_encode(['http-basic' => [$host => ['username' => 'USER', 'password' => 'PASSWORD']]]));
        }
        if ($refusal !== null && locked(AUDIT)) {
            Event::warn("$refusal->what. composer.lock names all packages, and yet composer asks there, for the plugin "
                . AUDIT . ': where that fails, `composer config allow-plugins.' . AUDIT . ' false` does without.');
        }
    }
    return 0;
});
