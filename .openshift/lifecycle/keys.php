<?php

/**
 * Gives composer the keys that there are: the user's, which shop brings for as long as the phase runs, and the project's
 * over them. They are written into composer's own directory, which goes with the container; create-project looks for
 * them nowhere else.
 *
 *   php keys.php
 */

declare(strict_types=1);

namespace Shop;

require __DIR__ . '/php/load.php';

Failure::shownBy(static function (): int {
    Keys::load()->write();
    return 0;
});
