<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Log;

use Shopkeeper\Framework\App\Paths;
use Shopkeeper\Framework\Filesystem\Directory;
use Throwable;

/** var/log/system.log, and var/log/exception.log for exceptions. */
class Logger
{
    public function __construct(private readonly Paths $paths)
    {
    }

    public function info(string $message, array $context = []): void
    {
        $this->write('system.log', 'INFO', $message, $context);
    }

    public function error(string $message, array $context = []): void
    {
        $this->write('system.log', 'ERROR', $message, $context);
    }

    public function exception(Throwable $e): void
    {
        $this->write('exception.log', 'CRITICAL', $e::class . ': ' . $e->getMessage() . ' in ' . $e->getFile() . ':' . $e->getLine(), []);
    }

    private function write(string $file, string $level, string $message, array $context): void
    {
        Directory::ensure($this->paths->var('log'));
        $line = sprintf("[%s] main.%s: %s %s\n", date('c'), $level, $message, json_encode($context ?: new \stdClass()));
        @file_put_contents($this->paths->var('log/' . $file), $line, FILE_APPEND | LOCK_EX);
    }
}
