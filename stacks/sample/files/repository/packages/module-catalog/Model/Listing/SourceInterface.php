<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model\Listing;

/** Where a list comes from: the index tables of a category, or the search engine. */
interface SourceInterface
{
    /**
     * @param array<string, int> $options attribute code => option id
     * @param array{0: float, 1: ?float}|null $price
     * @return array{ids: int[], total: int, options: array<string, array<int, int>>, prices: array<int, int>}
     *         options: attribute code => option id => count; prices: lower bound of a step => count
     */
    public function find(array $options, ?array $price, string $sorting, int $offset, int $limit): array;

    /** @return array<string, string> code => label, the first is the default */
    public function sortings(): array;
}
