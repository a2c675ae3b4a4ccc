<?php

declare(strict_types=1);

/*
 * Writes packages.json from packages/NAME/composer.json; `php index.php --check` only compares.
 * Composer reads a package's requirements and autoload rules from packages.json, never from the
 * package itself, so the two must not drift apart.
 */

$dir = __DIR__;
// Where the tree is injected in every container. A dist of type "path" needs an absolute path.
$mount = '/shop/files/repository/packages';

$packages = [];
foreach (glob($dir . '/packages/*/composer.json') as $file) {
    $composer = json_decode(file_get_contents($file), true, 512, JSON_THROW_ON_ERROR);
    $entry = array_intersect_key($composer, array_flip([
        'name', 'version', 'description', 'type', 'license', 'require', 'autoload', 'bin', 'replace', 'suggest',
    ]));
    if ($composer['type'] !== 'metapackage') {
        $entry['dist'] = ['type' => 'path', 'url' => $mount . '/' . basename(dirname($file))];
    }
    $packages[$composer['name']][$composer['version']] = $entry;
}
ksort($packages);

$flags = JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR;
$json = json_encode(['packages' => $packages], $flags) . "\n";
$target = $dir . '/packages.json';

if (in_array('--check', $argv, true)) {
    if (!is_file($target) || file_get_contents($target) !== $json) {
        fwrite(STDERR, "packages.json does not match packages/*/composer.json. Run: php $dir/index.php\n");
        exit(1);
    }
    exit(0);
}
file_put_contents($target, $json);
