<?php

/**
 * Compares vendor/ with composer.lock, without composer: a thousandth of its time.
 *
 *   php packages.php check     exit code 1 with the first differences when they differ
 *   php packages.php installed NAME...    those of them that are in vendor/
 *   php packages.php place     puts what packages bring for the root of the shop there, where it is missing
 */

declare(strict_types=1);

namespace Shop;

require __DIR__ . '/php/load.php';

/** @return array<mixed>|null */
function json(string $path): ?array
{
    return is_file($path) ? json_decode(file_get_contents($path), true) : null;
}

/**
 * @param list<array<mixed>> $packages
 * @return array<string, string> name → version and revision
 */
function versions(array $packages): array
{
    $versions = [];
    foreach ($packages as $package) {
        $revision = $package['dist']['reference'] ?? $package['source']['reference'] ?? '';
        $versions[$package['name']] = trim("{$package['version']} $revision");
    }
    return $versions;
}

/** @return list<string> */
function differences(array $lock, array $installed, bool $development): array
{
    if ($development && !($installed['dev'] ?? true)) {
        return ['the packages of require-dev are missing'];
    }
    $there = versions($installed['packages']);
    $wanted = versions($lock['packages']);
    $allowed = $wanted + versions($lock['packages-dev'] ?? []);
    $wanted = ($installed['dev'] ?? true) ? $allowed : $wanted;
    $found = [];
    foreach ($wanted as $name => $version) {
        if (($there[$name] ?? '') !== $version) {
            $found[] = isset($there[$name]) ? "$name is {$there[$name]}, not $version" : "$name is missing";
        }
    }
    foreach (array_diff_key($there, $allowed) as $name => $version) {
        $found[] = "$name is not in composer.lock";
    }
    foreach ($installed['packages'] as $package) {
        $path = $package['install-path'] ?? null;
        if ($path !== null && !is_dir(Place::app("vendor/composer/$path"))) {
            $found[] = "the files of {$package['name']} are missing";
        }
    }
    return $found;
}

Failure::shownBy(static function () use ($argv): int {
    $installed = json(Place::app('vendor/composer/installed.json'));
    if (($argv[1] ?? '') === 'place') {
        foreach ($installed['packages'] ?? [] as $package) {
            if ($package['type'] === 'magento2-component' && isset($package['extra']['map'])) {
                (new RootFiles(Place::app("vendor/composer/{$package['install-path']}")))->place($package['extra']);
            }
        }
        RootFiles::sayWhereVendorIs();
        return 0;
    }
    if (($argv[1] ?? '') === 'installed') {
        echo implode(' ', array_intersect(array_slice($argv, 2), array_column($installed['packages'] ?? [], 'name'))), "\n";
        return 0;
    }
    $lock = json(Place::app('composer.lock'));
    $differences = match (true) {
        $lock === null => ['there is no readable composer.lock'],
        $installed === null => ['no packages are installed'],
        default => differences($lock, $installed, getenv('MAGE_MODE') !== 'production'),
    };
    if ($differences === []) {
        return 0;
    }
    $more = count($differences) > 3 ? ' and ' . count($differences) - 3 . ' more' : '';
    echo 'vendor does not match composer.lock: ', implode(', ', array_slice($differences, 0, 3)), "$more\n";
    return 1;
});
