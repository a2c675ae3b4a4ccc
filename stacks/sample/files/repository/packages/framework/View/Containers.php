<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\View;

/** Named places of a page that modules fill through di.xml. */
class Containers
{
    /** @param array<string, array<string, array{template: string, order?: int, data?: BlockDataInterface}>> $containers */
    public function __construct(private readonly array $containers = [])
    {
    }

    /** @return array<int, array{template: string, data: ?BlockDataInterface}> */
    public function blocks(string $container): array
    {
        $blocks = array_values($this->containers[$container] ?? []);
        usort($blocks, static fn (array $a, array $b) => ($a['order'] ?? 0) <=> ($b['order'] ?? 0));
        return array_map(static fn (array $b) => ['template' => $b['template'], 'data' => $b['data'] ?? null], $blocks);
    }
}
