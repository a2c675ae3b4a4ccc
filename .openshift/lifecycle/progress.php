<?php

/**
 * Runs a command, passes its output on line by line and adds progress events that are read from it.
 *
 *   php progress.php composer|install|compile COMMAND...
 */

declare(strict_types=1);

namespace Shop;

require __DIR__ . '/php/load.php';

/** Reads how far a command is from the lines it writes. */
final class Progress
{
    private int $packages = 0;
    private int $loaded = 0;
    private int $placed = 0;

    public function __construct(private readonly string $of)
    {
    }

    /** @return array{int, int}|null done and total */
    public function read(string $line): ?array
    {
        return match ($this->of) {
            'composer' => $this->composer($line),
            'install' => preg_match('~^\[Progress: (\d+) / (\d+)\]~', $line, $at) ? [(int) $at[1], (int) $at[2]] : null,
            'compile' => preg_match('~\.\.\. (\d+)/(\d+) \[~', $line, $at) ? [(int) $at[1], (int) $at[2]] : null,
            default => null,
        };
    }

    /** Each package is downloaded and then put in place; one from the cache is only put in place. */
    private function composer(string $line): ?array
    {
        if (preg_match('~^Package operations: (\d+) installs?, (\d+) updates?, (\d+) removals?~', $line, $counts)) {
            $this->packages = (int) array_sum(array_slice($counts, 1));
        } elseif (preg_match('~^\s+- Downloading ~', $line)) {
            $this->loaded++;
        } elseif (preg_match('~^\s+- (Installing|Upgrading|Downgrading|Removing) ~', $line)) {
            $this->loaded = $this->packages;
            $this->placed++;
        } else {
            return null;
        }
        $total = 2 * $this->packages;
        return $total === 0 ? null : [min($this->loaded + $this->placed, $total), $total];
    }
}

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
        fwrite(STDOUT, $line);
        $at = $progress->read($line);
        if ($at !== null && (microtime(true) - $last > 0.2 || $at[0] === $at[1])) {
            $last = microtime(true);
            Event::progress(...$at);
        }
    }
    fclose($pipes[1]);
    return proc_close($process);
});
