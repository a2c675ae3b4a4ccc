<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model\Listing;

use Shopkeeper\Catalog\Model\Product;

/** One page of a list of products with all that stands around it. */
final class Listing
{
    /**
     * @param Product[] $products
     * @param Facet[] $facets
     * @param array<string, string> $sortings code => label
     * @param array<string, string> $queries chosen filters, sorting and further parameters without the page
     * @param array<int, array{label: string, name: string}> $chosen labels of the filters in use
     */
    public function __construct(
        public readonly array $products,
        public readonly int $total,
        public readonly int $page,
        public readonly int $pages,
        public readonly array $facets,
        public readonly array $sortings,
        public readonly string $sorting,
        public readonly array $queries,
        public readonly array $chosen,
    ) {
    }
}
