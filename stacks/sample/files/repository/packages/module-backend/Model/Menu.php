<?php

declare(strict_types=1);

namespace Shopkeeper\Backend\Model;

/** Entries of the menu at the side; modules add theirs in etc/adminhtml/di.xml. */
class Menu
{
    /** @param array<string, array{label: string, path: string, order: int}> $entries */
    public function __construct(private readonly array $entries = [])
    {
    }

    /** @return array<int, array{label: string, path: string, order: int}> */
    public function entries(): array
    {
        $entries = array_values($this->entries);
        usort($entries, static fn (array $a, array $b) => $a['order'] <=> $b['order']);
        return $entries;
    }
}
