<?php

/**
 * Runs bin/magento in this process.
 *
 *   php magento.php COMMAND --option={secret:NAME}
 *
 * An argument's `{secret:NAME}` is filled in here, after the process list was written; `{base32:NAME}` is a secret in
 * hexadecimal that is wanted in that alphabet. With SHOP_DETACHED set to a
 * directory made by detach.php, Magento takes its configuration from there and reaches for no service.
 */

declare(strict_types=1);

namespace Shop;

require __DIR__ . '/php/load.php';

(static function () use (&$argv): void {
    $secret = static fn (array $match): string => $match[1] === 'base32'
        ? (new OneTimeCode(Secret::read($match[2])))->base32()
        : Secret::read($match[2]);
    try {
        $argv = preg_replace_callback('/\{(secret|base32):([a-z0-9-]+)\}/', $secret, $argv);
    } catch (Failure $failure) {
        Failure::shownBy(static fn () => throw $failure);
    }
    $argv[0] = Place::app('bin/magento');
    $_SERVER['argv'] = $GLOBALS['argv'] = $argv;
    $_SERVER['SCRIPT_NAME'] = $_SERVER['SCRIPT_FILENAME'] = $_SERVER['PHP_SELF'] = $argv[0];
    $detached = getenv('SHOP_DETACHED');
    if ($detached !== false) {
        $_SERVER['MAGE_DIRS'] = [
            'base' => ['path' => dirname(Place::app('bin'))],
            'etc' => ['path' => "$detached/etc"],
            // Magento empties this one itself, which it refuses outside of its own directory.
            'cache' => ['path' => Place::app('var/shop-detached')],
        ];
    }
})();

require $argv[0];
