<?php

/**
 * Prints the code that the admin asks for after the password.
 *
 *   php otp.php
 */

declare(strict_types=1);

namespace Shop;

require __DIR__ . '/php/load.php';

Failure::shownBy(static function (): int {
    echo (new OneTimeCode(Secret::read('admin-otp')))->at(time()), "\n";
    return 0;
});
