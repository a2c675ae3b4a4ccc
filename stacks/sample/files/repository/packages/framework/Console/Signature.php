<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Console;

/** Name, description, arguments and options of a command. */
final class Signature
{
    /** @var array<string, array{description: string, required: bool, list: bool}> */
    public array $arguments = [];

    /** @var array<string, array{description: string, value: string, default: mixed, short: ?string}> */
    public array $options = [];

    public function __construct(
        public readonly string $name,
        public readonly string $description,
    ) {
    }

    public function argument(string $name, string $description, bool $required = false, bool $list = false): self
    {
        $this->arguments[$name] = compact('description', 'required', 'list');
        return $this;
    }

    public function flag(string $name, string $description, ?string $short = null): self
    {
        return $this->add($name, $description, 'none', false, $short);
    }

    public function option(string $name, string $description, mixed $default = null, ?string $short = null): self
    {
        return $this->add($name, $description, 'required', $default, $short);
    }

    /** An option that may stand with or without a value. */
    public function optional(string $name, string $description, mixed $default = null, ?string $short = null): self
    {
        return $this->add($name, $description, 'optional', $default, $short);
    }

    public function list(string $name, string $description, ?string $short = null): self
    {
        return $this->add($name, $description, 'list', [], $short);
    }

    public function synopsis(): string
    {
        $parts = [$this->name, '[options]'];
        if ($this->arguments !== []) {
            $parts[] = '[--]';
        }
        foreach ($this->arguments as $name => $argument) {
            $text = '<' . $name . '>' . ($argument['list'] ? '...' : '');
            $parts[] = $argument['required'] ? $text : '[' . $text . ']';
        }
        return implode(' ', $parts);
    }

    private function add(string $name, string $description, string $value, mixed $default, ?string $short): self
    {
        $this->options[$name] = compact('description', 'value', 'default', 'short');
        return $this;
    }
}
