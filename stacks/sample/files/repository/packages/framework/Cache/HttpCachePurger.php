<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Cache;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\Log\Logger;

/** Tells the HTTP caches of http_cache_hosts which pages are out of date. A cache that does not answer holds nobody up. */
class HttpCachePurger
{
    private const SECONDS = 2;
    private const ALL = '.*';

    public function __construct(
        private readonly DeploymentConfig $config,
        private readonly Logger $logger,
    ) {
    }

    /** @param string[] $tags */
    public function purge(array $tags): void
    {
        $this->send(implode('|', array_map(static fn (string $tag) => '((^|,)' . preg_quote($tag) . '(,|$))', $tags)));
    }

    public function purgeAll(): void
    {
        $this->send(self::ALL);
    }

    private function send(string $pattern): void
    {
        foreach ((array)$this->config->get('http_cache_hosts', []) as $host) {
            $url = 'http://' . $host['host'] . ':' . ($host['port'] ?? 80) . '/';
            $handle = curl_init($url);
            curl_setopt_array($handle, [
                CURLOPT_CUSTOMREQUEST => 'PURGE',
                CURLOPT_HTTPHEADER => ['X-Magento-Tags-Pattern: ' . $pattern],
                CURLOPT_RETURNTRANSFER => true,
                CURLOPT_TIMEOUT => self::SECONDS,
            ]);
            if (curl_exec($handle) === false || curl_getinfo($handle, CURLINFO_RESPONSE_CODE) >= 400) {
                $this->logger->error('The HTTP cache was not purged', ['url' => $url, 'error' => curl_error($handle)]);
            }
        }
    }
}
