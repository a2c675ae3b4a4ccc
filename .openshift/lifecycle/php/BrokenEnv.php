<?php

declare(strict_types=1);

namespace Shop;

/** env.php is there and cannot be evaluated. */
final class BrokenEnv extends \RuntimeException
{
}
