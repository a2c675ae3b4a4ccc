<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Console;

use RuntimeException;

/** A mistake on the command line. */
class ConsoleException extends RuntimeException
{
}
