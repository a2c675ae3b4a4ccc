<?php

declare(strict_types=1);

namespace Shopkeeper\Cron\Model;

use InvalidArgumentException;

/** The five fields of a crontab line. */
final class Expression
{
    private const RANGES = [[0, 59], [0, 23], [1, 31], [1, 12], [0, 7]];
    private const NAMES = [
        3 => ['jan' => 1, 'feb' => 2, 'mar' => 3, 'apr' => 4, 'may' => 5, 'jun' => 6, 'jul' => 7, 'aug' => 8, 'sep' => 9, 'oct' => 10, 'nov' => 11, 'dec' => 12],
        4 => ['sun' => 0, 'mon' => 1, 'tue' => 2, 'wed' => 3, 'thu' => 4, 'fri' => 5, 'sat' => 6],
    ];

    /** @var array<int, array<int, true>> */
    private array $allowed = [];

    public function __construct(private readonly string $text)
    {
        $fields = preg_split('/\s+/', trim($text));
        if (count($fields) !== 5) {
            throw new InvalidArgumentException(sprintf('The schedule "%s" needs five fields.', $text));
        }
        foreach ($fields as $i => $field) {
            foreach (explode(',', $field) as $part) {
                $this->add($i, strtolower($part));
            }
        }
        // Sunday is 0 and 7.
        if (isset($this->allowed[4][7])) {
            $this->allowed[4][0] = true;
        }
    }

    public function matches(int $time): bool
    {
        $values = [(int)date('i', $time), (int)date('G', $time), (int)date('j', $time), (int)date('n', $time), (int)date('w', $time)];
        foreach ($values as $i => $value) {
            if (!isset($this->allowed[$i][$value])) {
                return false;
            }
        }
        return true;
    }

    private function add(int $field, string $part): void
    {
        [$low, $high] = self::RANGES[$field];
        [$range, $step] = array_pad(explode('/', $part, 2), 2, '1');
        if ($range !== '*') {
            [$from, $to] = array_pad(explode('-', $range, 2), 2, null);
            $low = $this->number($field, $from);
            $high = $to === null ? ($step === '1' ? $low : $high) : $this->number($field, $to);
        }
        if (!ctype_digit($step) || (int)$step < 1 || $low > $high) {
            throw new InvalidArgumentException(sprintf('The schedule "%s" has the bad part "%s".', $this->text, $part));
        }
        for ($value = $low; $value <= $high; $value += (int)$step) {
            $this->allowed[$field][$value] = true;
        }
    }

    private function number(int $field, string $text): int
    {
        $value = self::NAMES[$field][$text] ?? (ctype_digit($text) ? (int)$text : -1);
        [$low, $high] = self::RANGES[$field];
        if ($value < $low || $value > $high) {
            throw new InvalidArgumentException(sprintf('The schedule "%s" has the bad value "%s".', $this->text, $text));
        }
        return $value;
    }
}
