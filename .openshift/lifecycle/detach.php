<?php

/**
 * Copies app/etc to DIR/etc with an env.php that names no service, for commands that need none of them and must not
 * wait for any: with the real one, Magento's compiler fails while Redis is down.
 *
 *   php detach.php DIR
 */

declare(strict_types=1);

namespace Shop;

require __DIR__ . '/php/load.php';

/** Branches of env.php that lead to a service, or say that there is a database. */
const SERVICES = [
    'backpressure', 'cache', 'db', 'http_cache_hosts', 'install', 'lock', 'queue', 'remote_storage', 'resource', 'session',
];

/** The scopes of a new shop. Static files are made for a website, so without a database it must be named. */
const SCOPES = [
    'websites' => [
        'admin' => ['website_id' => '0', 'code' => 'admin', 'name' => 'Admin', 'sort_order' => '0',
            'default_group_id' => '0', 'is_default' => '0'],
        'base' => ['website_id' => '1', 'code' => 'base', 'name' => 'Main Website', 'sort_order' => '0',
            'default_group_id' => '1', 'is_default' => '1'],
    ],
    'groups' => [
        ['group_id' => '0', 'website_id' => '0', 'name' => 'Default', 'root_category_id' => '0',
            'default_store_id' => '0', 'code' => 'default'],
        ['group_id' => '1', 'website_id' => '1', 'name' => 'Main Website Store', 'root_category_id' => '2',
            'default_store_id' => '1', 'code' => 'main_website_store'],
    ],
    'stores' => [
        'admin' => ['store_id' => '0', 'code' => 'admin', 'website_id' => '0', 'group_id' => '0', 'name' => 'Admin',
            'sort_order' => '0', 'is_active' => '1'],
        'default' => ['store_id' => '1', 'code' => 'default', 'website_id' => '1', 'group_id' => '1',
            'name' => 'Default Store View', 'sort_order' => '0', 'is_active' => '1'],
    ],
];

function copyTree(string $from, string $to): void
{
    if (!is_dir($from)) {
        copy($from, $to);
        return;
    }
    is_dir($to) || mkdir($to, 0775, true);
    foreach (array_diff(scandir($from), ['.', '..']) as $name) {
        copyTree("$from/$name", "$to/$name");
    }
}

Failure::shownBy(static function () use ($argv): int {
    $directory = $argv[1] ?? throw new Failure('usage: php detach.php DIR');
    copyTree(Place::app('app/etc'), "$directory/etc");
    try {
        $env = array_diff_key(EnvFile::read(), array_flip(SERVICES));
    } catch (BrokenEnv) {
        $env = [];
    }
    $config = is_file("$directory/etc/config.php") ? include "$directory/etc/config.php" : [];
    if (!isset($config['scopes'])) {
        $env += ['scopes' => SCOPES];
    }
    $env['lock'] = ['provider' => 'file', 'config' => ['path' => $directory]];
    file_put_contents("$directory/etc/env.php", PhpArray::file($env));
    return 0;
});
