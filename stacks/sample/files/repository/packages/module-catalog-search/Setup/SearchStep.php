<?php

declare(strict_types=1);

namespace Shopkeeper\CatalogSearch\Setup;

use RuntimeException;
use Shopkeeper\CatalogSearch\Model\Client;
use Shopkeeper\CatalogSearch\Model\SearchConfig;
use Shopkeeper\CatalogSearch\Model\SearchException;
use Shopkeeper\Config\Model\ConfigWriter;
use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Setup\InstallStepInterface;
use Shopkeeper\Store\Model\ScopeConfig;

/** --search-engine and its settings. The installation stops here when the engine does not answer. */
class SearchStep implements InstallStepInterface
{
    private const ENGINES = ['opensearch', 'elasticsearch8', 'elasticsearch7'];
    private const FIELDS = [
        'host' => 'server_hostname',
        'port' => 'server_port',
        'enable-auth' => 'enable_auth',
        'username' => 'username',
        'password' => 'password',
        'index-prefix' => 'index_prefix',
        'timeout' => 'server_timeout',
    ];

    public function __construct(
        private readonly ConfigWriter $writer,
        private readonly SearchConfig $search,
        private readonly Client $client,
        private readonly ScopeConfig $config,
        private readonly Cache $cache,
    ) {
    }

    public function declare(Signature $signature): void
    {
        $signature->option('search-engine', 'Search engine. Values: ' . implode(', ', self::ENGINES));
        foreach (['opensearch' => 'OpenSearch', 'elasticsearch' => 'Elasticsearch'] as $prefix => $label) {
            foreach (self::FIELDS as $option => $field) {
                $signature->option("$prefix-$option", "$label setting: $field");
            }
        }
    }

    public function validate(Input $input): array
    {
        $engine = $input->option('search-engine');
        return $engine === null || in_array($engine, self::ENGINES, true)
            ? []
            : [sprintf("Search engine '%s' is not an available search engine. Available options: '%s'", $engine, implode("', '", self::ENGINES))];
    }

    public function title(): string
    {
        return 'Installing search configuration...';
    }

    public function run(Input $input): void
    {
        $engine = $input->option('search-engine');
        if ($engine !== null) {
            $this->writer->save('catalog/search/engine', $engine);
        }
        $engine ??= $this->search->engine() ?: 'opensearch';
        $prefix = str_starts_with($engine, 'elasticsearch') ? 'elasticsearch' : 'opensearch';
        foreach (self::FIELDS as $option => $field) {
            if ($input->given("$prefix-$option")) {
                $this->writer->save("catalog/search/{$engine}_{$field}", (string)$input->option("$prefix-$option"));
            }
        }
        $this->cache->cleanTypes([Cache::CONFIG]);
        $this->config->reset();
        if (!$this->search->isConfigured()) {
            return;
        }
        try {
            $this->client->request('GET', '/');
        } catch (SearchException $e) {
            throw new RuntimeException('Could not validate a connection to the search engine. ' . $e->getMessage(), 0, $e);
        }
    }
}
