<?php

declare(strict_types=1);

namespace Shop;

/** Reads how far a command is from the lines it writes. */
final class Progress
{
    private int $packages = 0;
    private int $loaded = 0;
    private int $placed = 0;
    /** @var array<string, array{int, int}> */
    private array $themes = [];

    public function __construct(private readonly string $of)
    {
    }

    /** @return array{int, int}|null done and total */
    public function read(string $line): ?array
    {
        return match ($this->of) {
            'composer' => $this->composer($line),
            'install' => self::fraction('~^\[Progress: (\d+) / (\d+)\]~', $line),
            'compile' => self::fraction('~\.\.\. (\d+)/(\d+) \[~', $line),
            'static' => $this->themes($line),
            default => null,
        };
    }

    /** Whether lines that say how far it is say nothing else. */
    public function replacesLines(): bool
    {
        return $this->of !== 'composer';
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

    /** Static files come theme by theme and language by language, several at a time. */
    private function themes(string $line): ?array
    {
        if (!preg_match('~^(\w+/\S+/\w+)\s+(\d+)/(\d+)\s~', $line, $at)) {
            return null;
        }
        $this->themes[$at[1]] = [(int) $at[2], (int) $at[3]];
        return [array_sum(array_column($this->themes, 0)), array_sum(array_column($this->themes, 1))];
    }

    /** @return array{int, int}|null */
    private static function fraction(string $pattern, string $line): ?array
    {
        return preg_match($pattern, $line, $at) ? [(int) $at[1], (int) $at[2]] : null;
    }
}
