<?php

declare(strict_types=1);

namespace Shopkeeper\CatalogSearch\Model;

use Shopkeeper\Catalog\Model\Listing\Filters;
use Shopkeeper\Catalog\Model\Listing\ListingBuilder;
use Shopkeeper\Catalog\Model\Listing\SourceInterface;
use Shopkeeper\Store\Model\StoreManager;

/** Products that fit a text, with everything counted by the search engine. */
class SearchSource implements SourceInterface
{
    public function __construct(
        private readonly Index $index,
        private readonly StoreManager $stores,
        private readonly Filters $filters,
        private readonly string $text,
    ) {
    }

    public function sortings(): array
    {
        return ['relevance' => __('Best match'), 'name' => __('Name'), 'price' => __('Price, low to high'), 'price_desc' => __('Price, high to low')];
    }

    public function find(array $options, ?array $price, string $sorting, int $offset, int $limit): array
    {
        $filter = [];
        foreach ($options as $code => $option) {
            $filter[] = ['term' => [Index::ATTRIBUTE_PREFIX . $code => $option]];
        }
        if ($price !== null) {
            $filter[] = ['range' => ['price' => array_filter(['gte' => $price[0], 'lt' => $price[1]], static fn ($bound) => $bound !== null)]];
        }
        $aggregations = ['prices' => ['histogram' => ['field' => 'price', 'interval' => ListingBuilder::PRICE_STEP, 'min_doc_count' => 1]]];
        foreach (array_keys($this->filters->attributes()) as $code) {
            $aggregations[$code] = ['terms' => ['field' => Index::ATTRIBUTE_PREFIX . $code, 'size' => 50]];
        }
        $answer = $this->ask($this->exact(), $filter, $aggregations, $sorting, $offset, $limit);
        if ($answer['hits']['total']['value'] === 0) {
            $answer = $this->ask($this->similar(), $filter, $aggregations, $sorting, $offset, $limit);
        }
        return $this->result($answer);
    }

    private function ask(array $query, array $filter, array $aggregations, string $sorting, int $offset, int $limit): array
    {
        return $this->index->search($this->stores->current(), [
            'from' => $offset,
            'size' => $limit,
            '_source' => false,
            'track_total_hits' => true,
            'query' => ['bool' => ['must' => [$query], 'filter' => $filter]],
            'aggs' => $aggregations,
            'sort' => match ($sorting) {
                'name' => [['name.sort' => 'asc']],
                'price' => [['price' => 'asc'], '_score'],
                'price_desc' => [['price' => 'desc'], '_score'],
                default => ['_score', ['price' => 'asc']],
            },
        ]);
    }

    private function result(array $answer): array
    {
        $counts = [];
        foreach (array_keys($this->filters->attributes()) as $code) {
            foreach ($answer['aggregations'][$code]['buckets'] ?? [] as $bucket) {
                $counts[$code][(int)$bucket['key']] = (int)$bucket['doc_count'];
            }
        }
        $prices = [];
        foreach ($answer['aggregations']['prices']['buckets'] ?? [] as $bucket) {
            $prices[(int)$bucket['key']] = (int)$bucket['doc_count'];
        }
        return [
            'ids' => array_map(static fn (array $hit) => (int)$hit['_id'], $answer['hits']['hits']),
            'total' => (int)$answer['hits']['total']['value'],
            'options' => $counts,
            'prices' => $prices,
        ];
    }

    /** All words, where they count most; or the beginning of a name; or a number. */
    private function exact(): array
    {
        return ['bool' => ['minimum_should_match' => 1, 'should' => [
            ['multi_match' => [
                'query' => $this->text,
                'type' => 'cross_fields',
                'operator' => 'and',
                'fields' => ['name^5', 'labels^3', 'categories^2', 'short_description', 'description'],
            ]],
            ['match_bool_prefix' => ['name' => ['query' => $this->text, 'operator' => 'and', 'boost' => 4]]],
            ['term' => ['sku' => ['value' => $this->text, 'case_insensitive' => true, 'boost' => 20]]],
        ]]];
    }

    /** Words that are nearly these, for a slip of the pen. */
    private function similar(): array
    {
        return ['multi_match' => [
            'query' => $this->text,
            'fuzziness' => 'AUTO:4,8',
            'prefix_length' => 1,
            'fields' => ['name^5', 'labels^3', 'categories^2', 'short_description'],
        ]];
    }
}
