<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Console;

/** Text with <info>, <comment> and <error> marks, coloured on a terminal only. */
class Output
{
    private const STYLES = ['info' => '32', 'comment' => '33', 'error' => '37;41'];

    private bool $colour;

    /** @var resource */
    private readonly mixed $stream;

    /** @var resource */
    private readonly mixed $errors;

    public function __construct(mixed $stream = null, mixed $errors = null, public int $verbosity = 0)
    {
        $this->stream = $stream ?? STDOUT;
        $this->errors = $errors ?? STDERR;
        $this->colour = stream_isatty($this->stream) && getenv('NO_COLOR') === false && getenv('TERM') !== 'dumb';
    }

    public function writeln(string|array $lines = ''): void
    {
        foreach ((array)$lines as $line) {
            $this->write($line . "\n");
        }
    }

    public function write(string $text): void
    {
        if ($this->verbosity >= 0) {
            @fwrite($this->stream, $this->format($text));
        }
    }

    public function error(string $text): void
    {
        @fwrite($this->errors, $this->format($text . "\n"));
    }

    public function useColour(bool $colour): void
    {
        $this->colour = $colour;
    }

    private function format(string $text): string
    {
        $pattern = '~<(' . implode('|', array_keys(self::STYLES)) . ')>(.*?)</\1>~s';
        return preg_replace_callback($pattern, fn (array $m) => $this->colour
            ? "\033[" . self::STYLES[$m[1]] . 'm' . $m[2] . "\033[0m"
            : $m[2], $text);
    }
}
