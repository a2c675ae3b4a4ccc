<?php

declare(strict_types=1);

define('BP', dirname(__DIR__));

if (PHP_VERSION_ID < 80200) {
    http_response_code(503);
    echo 'PHP 8.2 or newer is needed, this is ' . PHP_VERSION . ".\n";
    exit(1);
}
if (!is_file(BP . '/vendor/autoload.php')) {
    http_response_code(503);
    echo 'vendor/autoload.php is missing in ' . BP . ". Run: composer install\n";
    exit(1);
}

require BP . '/vendor/autoload.php';

date_default_timezone_set('UTC');
