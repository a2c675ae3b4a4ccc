<?php

declare(strict_types=1);

// Modules and themes below app/ are no composer packages, so nothing else loads their registration.
foreach (['app/code/*/*/registration.php', 'app/design/*/*/*/registration.php'] as $pattern) {
    foreach (glob(dirname(__DIR__, 2) . '/' . $pattern) ?: [] as $file) {
        require_once $file;
    }
}
