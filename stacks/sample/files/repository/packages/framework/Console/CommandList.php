<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Console;

/** Commands that modules add through di.xml. */
class CommandList
{
    /** @param array<string, Command> $commands */
    public function __construct(private readonly array $commands = [])
    {
    }

    /** @return array<string, Command> by name, sorted */
    public function all(): array
    {
        $named = [];
        foreach ($this->commands as $command) {
            $named[$command->signature()->name] = $command;
        }
        ksort($named);
        return $named;
    }
}
