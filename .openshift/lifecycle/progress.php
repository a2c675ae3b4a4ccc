<?php

/**
 * Runs a command, passes its output on line by line and adds progress events that are read from it.
 *
 *   php progress.php composer|install|compile|static|none COMMAND...
 */

declare(strict_types=1);

namespace Shop;

require __DIR__ . '/php/load.php';

/** Moving the cursor makes no sense in a log. */
const TERMINAL_CONTROLS = '~\e\[[0-9;]*[A-Za-z]~';

Failure::shownBy(static function () use ($argv): int {
    $command = array_slice($argv, 2);
    // Composer reports on stderr.
    $process = proc_open($command, [0 => STDIN, 1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
    if ($process === false) {
        throw new Failure("$command[0] cannot be run.");
    }
    $progress = new Progress($argv[1]);
    $last = 0.0;
    while (($line = fgets($pipes[1])) !== false) {
        $line = preg_replace(TERMINAL_CONTROLS, '', $line);
        $at = $progress->read($line);
        if ($at === null || !$progress->replacesLines()) {
            fwrite(STDOUT, $line);
        }
        if ($at !== null && (microtime(true) - $last > 0.2 || $at[0] === $at[1])) {
            $last = microtime(true);
            Event::progress(...$at);
        }
    }
    fclose($pipes[1]);
    return proc_close($process);
});
