<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Console;

final class Input
{
    /**
     * @param array<string, mixed> $arguments
     * @param array<string, mixed> $options with the defaults of those not given
     * @param array<string, true> $given names of the options that stood on the command line
     */
    public function __construct(
        private readonly array $arguments,
        private readonly array $options,
        private readonly array $given,
        public readonly bool $interactive,
    ) {
    }

    public function argument(string $name): mixed
    {
        return $this->arguments[$name] ?? null;
    }

    public function option(string $name): mixed
    {
        return $this->options[$name] ?? null;
    }

    public function given(string $name): bool
    {
        return isset($this->given[$name]);
    }

    /** @return array<string, mixed> only what stood on the command line */
    public function givenOptions(): array
    {
        return array_intersect_key($this->options, $this->given);
    }
}
