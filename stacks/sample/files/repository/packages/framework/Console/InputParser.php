<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Console;

/** Reads a command line against a signature. */
final class InputParser
{
    private array $arguments = [];
    private array $options = [];
    private array $given = [];

    public function __construct(private readonly Signature $signature)
    {
    }

    /** @param string[] $tokens what follows the command's name */
    public function parse(array $tokens, bool $interactive): Input
    {
        foreach ($this->signature->options as $name => $option) {
            $this->options[$name] = $option['default'];
        }
        $onlyArguments = false;
        $words = [];
        while ($tokens !== []) {
            $token = array_shift($tokens);
            if ($onlyArguments || $token === '-' || !str_starts_with($token, '-')) {
                $words[] = $token;
            } elseif ($token === '--') {
                $onlyArguments = true;
            } elseif (str_starts_with($token, '--')) {
                [$name, $value] = array_pad(explode('=', substr($token, 2), 2), 2, null);
                $this->long($name, $value, $tokens);
            } else {
                $this->short(substr($token, 1), $tokens);
            }
        }
        $this->arguments($words);
        return new Input($this->arguments, $this->options, $this->given, $interactive);
    }

    private function long(string $name, ?string $value, array &$tokens): void
    {
        $option = $this->signature->options[$name]
            ?? throw new ConsoleException(sprintf('The "--%s" option does not exist.', $name));
        $this->given[$name] = true;
        if ($option['value'] === 'none') {
            if ($value !== null) {
                throw new ConsoleException(sprintf('The "--%s" option does not accept a value.', $name));
            }
            $this->options[$name] = true;
            return;
        }
        if ($value === null && $tokens !== [] && !str_starts_with($tokens[0], '-')) {
            $value = array_shift($tokens);
        }
        if ($value === null && $option['value'] !== 'optional') {
            throw new ConsoleException(sprintf('The "--%s" option requires a value.', $name));
        }
        if ($option['value'] === 'list') {
            $this->options[$name][] = $value;
        } else {
            $this->options[$name] = $value;
        }
    }

    private function short(string $letters, array &$tokens): void
    {
        while ($letters !== '') {
            $letter = $letters[0];
            $letters = substr($letters, 1);
            $name = null;
            foreach ($this->signature->options as $candidate => $option) {
                if ($option['short'] === $letter) {
                    $name = $candidate;
                }
            }
            if ($name === null) {
                throw new ConsoleException(sprintf('The "-%s" option does not exist.', $letter));
            }
            if ($this->signature->options[$name]['value'] === 'none') {
                $this->long($name, null, $tokens);
                continue;
            }
            $this->long($name, $letters === '' ? null : ltrim($letters, '='), $tokens);
            return;
        }
    }

    private function arguments(array $words): void
    {
        foreach ($this->signature->arguments as $name => $argument) {
            if ($argument['list']) {
                $this->arguments[$name] = $words;
                $words = [];
            } else {
                $this->arguments[$name] = array_shift($words);
            }
            if ($argument['required'] && in_array($this->arguments[$name], [null, []], true)) {
                throw new ConsoleException(sprintf('Not enough arguments (missing: "%s").', $name));
            }
        }
        if ($words !== []) {
            throw new ConsoleException($this->signature->arguments === []
                ? sprintf('No arguments expected for "%s" command, got "%s".', $this->signature->name, $words[0])
                : sprintf('Too many arguments to "%s" command, got "%s" as well.', $this->signature->name, $words[0]));
        }
    }
}
