<?php

declare(strict_types=1);

namespace Shopkeeper\CatalogSearch\Model;

use Shopkeeper\Store\Model\Store;

/**
 * The index of a store behind an alias. A full rebuild fills a new one beside it and then moves the alias,
 * so visitors search the old one until the new one is complete.
 */
class Index
{
    public const ATTRIBUTE_PREFIX = 'attr_';

    public function __construct(
        private readonly Client $client,
        private readonly SearchConfig $config,
    ) {
    }

    public function alias(Store $store): string
    {
        return $this->config->prefix() . '_product_' . $store->id;
    }

    /** @param iterable<int, array> $documents by id */
    public function replace(Store $store, iterable $documents): void
    {
        $alias = $this->alias($store);
        $old = $this->client->exists('_alias/' . $alias) ? array_keys($this->client->request('GET', '_alias/' . $alias)) : [];
        $version = $old === [] ? 1 : max(array_map(static fn (string $name) => (int)substr(strrchr($name, 'v'), 1), $old)) + 1;
        $new = $alias . '_v' . $version;
        if ($this->client->exists($new)) {
            $this->client->request('DELETE', $new);
        }
        $this->client->request('PUT', $new, $this->definition());
        $this->write($new, $documents);
        $this->client->request('POST', $new . '/_refresh');
        $actions = [['add' => ['index' => $new, 'alias' => $alias]]];
        foreach ($old as $name) {
            $actions[] = ['remove_index' => ['index' => $name]];
        }
        $this->client->request('POST', '_aliases', ['actions' => $actions]);
    }

    /**
     * @param iterable<int, array> $documents by id
     * @param int[] $gone
     */
    public function update(Store $store, iterable $documents, array $gone): void
    {
        $this->write($this->alias($store), $documents, $gone);
        $this->client->request('POST', $this->alias($store) . '/_refresh');
    }

    public function search(Store $store, array $query): array
    {
        return $this->client->request('POST', $this->alias($store) . '/_search', $query);
    }

    private function write(string $index, iterable $documents, array $gone = []): void
    {
        $lines = '';
        foreach ($documents as $id => $document) {
            $lines .= json_encode(['index' => ['_index' => $index, '_id' => (string)$id]]) . "\n"
                . json_encode($document, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE) . "\n";
        }
        foreach ($gone as $id) {
            $lines .= json_encode(['delete' => ['_index' => $index, '_id' => (string)$id]]) . "\n";
        }
        if ($lines === '') {
            return;
        }
        $answer = $this->client->request('POST', '_bulk', $lines);
        foreach ($answer['errors'] ?? false ? $answer['items'] : [] as $item) {
            $result = current($item);
            if (isset($result['error'])) {
                throw new SearchException(sprintf('Document %s was refused: %s', $result['_id'], $result['error']['reason'] ?? ''));
            }
        }
    }

    private function definition(): array
    {
        $text = ['type' => 'text', 'analyzer' => 'shop'];
        return [
            'settings' => [
                'index' => ['number_of_shards' => 1, 'number_of_replicas' => 0],
                'analysis' => [
                    'filter' => ['stem' => ['type' => 'stemmer', 'language' => 'english'], 'once' => ['type' => 'unique', 'only_on_same_position' => true]],
                    'analyzer' => ['shop' => [
                        'type' => 'custom',
                        'tokenizer' => 'standard',
                        'char_filter' => ['html_strip'],
                        'filter' => ['lowercase', 'keyword_repeat', 'asciifolding', 'stem', 'once'],
                    ]],
                ],
            ],
            'mappings' => [
                'dynamic_templates' => [
                    ['attributes' => ['match' => self::ATTRIBUTE_PREFIX . '*', 'mapping' => ['type' => 'integer']]],
                ],
                'properties' => [
                    'name' => $text + ['fields' => ['sort' => ['type' => 'keyword']]],
                    'sku' => ['type' => 'keyword'],
                    'short_description' => $text,
                    'description' => $text,
                    'labels' => $text,
                    'categories' => $text,
                    'price' => ['type' => 'double'],
                ],
            ],
        ];
    }
}
