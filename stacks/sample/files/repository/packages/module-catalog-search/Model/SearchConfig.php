<?php

declare(strict_types=1);

namespace Shopkeeper\CatalogSearch\Model;

use Shopkeeper\Framework\Config\ScopeConfigInterface;

/** Settings catalog/search/* of the engine in use. */
class SearchConfig
{
    public function __construct(private readonly ScopeConfigInterface $config)
    {
    }

    public function engine(): string
    {
        return (string)$this->config->get('catalog/search/engine');
    }

    public function isConfigured(): bool
    {
        return $this->engine() !== '' && $this->field('server_hostname') !== '';
    }

    public function url(): string
    {
        $host = $this->field('server_hostname');
        $scheme = 'http';
        if (preg_match('~^(https?)://(.+)$~', $host, $parts)) {
            [, $scheme, $host] = $parts;
        }
        return $scheme . '://' . rtrim($host, '/') . ':' . ($this->field('server_port') ?: '9200');
    }

    /** User and password, when the engine asks for them. */
    public function credentials(): ?string
    {
        return $this->field('enable_auth') === '1' ? $this->field('username') . ':' . $this->field('password') : null;
    }

    public function prefix(): string
    {
        return $this->field('index_prefix') ?: 'magento2';
    }

    public function timeout(): int
    {
        return max(1, (int)$this->field('server_timeout'));
    }

    private function field(string $name): string
    {
        return (string)$this->config->get('catalog/search/' . $this->engine() . '_' . $name);
    }
}
