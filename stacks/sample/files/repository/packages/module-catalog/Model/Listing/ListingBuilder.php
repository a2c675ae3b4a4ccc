<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model\Listing;

use Shopkeeper\Catalog\Model\ProductRepository;
use Shopkeeper\Eav\Model\AttributeRepository;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Locale\Format;
use Shopkeeper\Store\Model\StoreManager;

class ListingBuilder
{
    public const PER_PAGE = 9;
    public const PRICE_STEP = 25;

    public function __construct(
        private readonly Request $request,
        private readonly Filters $filters,
        private readonly ProductRepository $products,
        private readonly AttributeRepository $attributes,
        private readonly StoreManager $stores,
        private readonly Format $format,
    ) {
    }

    /** @param array<string, string> $queries parameters to keep in every address */
    public function build(SourceInterface $source, array $queries = []): Listing
    {
        $sortings = $source->sortings();
        $sorting = $this->request->text('product_list_order');
        $sorting = isset($sortings[$sorting]) ? $sorting : array_key_first($sortings);
        $page = max(1, (int)$this->request->query('p', 1));
        $found = $source->find($this->filters->chosen(), $this->filters->price(), $sorting, ($page - 1) * self::PER_PAGE, self::PER_PAGE);
        $queries += $this->filters->queries();
        if ($sorting !== array_key_first($sortings)) {
            $queries['product_list_order'] = $sorting;
        }
        return new Listing(
            array_values($this->products->byIds($found['ids'])),
            $found['total'],
            $page,
            max(1, (int)ceil($found['total'] / self::PER_PAGE)),
            $this->facets($found),
            $sortings,
            $sorting,
            $queries,
            $this->chosen()
        );
    }

    /** @return Facet[] */
    private function facets(array $found): array
    {
        $facets = [];
        $chosen = $this->filters->chosen();
        foreach ($this->filters->attributes() as $code => $attribute) {
            $choices = [];
            foreach ($this->attributes->options($attribute, $this->stores->current()->id) as $option => $label) {
                $count = $found['options'][$code][$option] ?? 0;
                if ($count > 0 && !isset($chosen[$code])) {
                    $choices[] = ['label' => $label, 'value' => (string)$option, 'count' => $count];
                }
            }
            if ($choices !== []) {
                $facets[] = new Facet($code, $attribute->label, $choices);
            }
        }
        if ($this->filters->price() === null && count($found['prices']) > 1) {
            ksort($found['prices']);
            $choices = [];
            foreach ($found['prices'] as $from => $count) {
                $choices[] = ['label' => $this->range($from, $from + self::PRICE_STEP), 'value' => $from . '-' . ($from + self::PRICE_STEP), 'count' => $count];
            }
            $facets[] = new Facet(Filters::PRICE, __('Price'), $choices);
        }
        return $facets;
    }

    private function chosen(): array
    {
        $chosen = [];
        foreach ($this->filters->chosen() as $code => $option) {
            $attribute = $this->filters->attributes()[$code];
            $label = $this->attributes->options($attribute, $this->stores->current()->id)[$option] ?? '';
            $chosen[] = ['label' => $attribute->label . ': ' . $label, 'name' => $code];
        }
        $price = $this->filters->price();
        if ($price !== null) {
            $chosen[] = ['label' => __('Price') . ': ' . $this->range($price[0], $price[1]), 'name' => Filters::PRICE];
        }
        return $chosen;
    }

    private function range(float $from, ?float $to): string
    {
        return $to === null ? __('%1 and above', $this->format->price($from)) : $this->format->price($from) . ' – ' . $this->format->price($to - 0.01);
    }
}
