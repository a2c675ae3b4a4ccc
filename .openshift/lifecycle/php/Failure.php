<?php

declare(strict_types=1);

namespace Shop;

/** Something the reader can act on; its message is all that is shown. */
final class Failure extends \RuntimeException
{
    /** Runs an entry script: a failure becomes one line on stderr and an exit code, without a trace. */
    public static function shownBy(callable $main, int $exitCode = 1): never
    {
        try {
            exit($main());
        } catch (Failure $failure) {
            fwrite(STDERR, 'shop: ' . $failure->getMessage() . "\n");
            exit($exitCode);
        }
    }
}
