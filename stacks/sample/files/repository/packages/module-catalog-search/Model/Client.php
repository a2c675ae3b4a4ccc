<?php

declare(strict_types=1);

namespace Shopkeeper\CatalogSearch\Model;

use JsonException;

/** Speaks to OpenSearch or Elasticsearch, which agree on everything used here. */
class Client
{
    private const CONNECT_SECONDS = 2;

    public function __construct(private readonly SearchConfig $config)
    {
    }

    /** @param array|string|null $body an array is sent as JSON, a string as lines of JSON */
    public function request(string $method, string $path, array|string|null $body = null): array
    {
        if (!$this->config->isConfigured()) {
            throw new SearchException('No search engine is configured. Run: bin/magento config:set catalog/search/engine opensearch');
        }
        $url = $this->config->url() . '/' . ltrim($path, '/');
        $handle = curl_init($url);
        curl_setopt_array($handle, [
            CURLOPT_CUSTOMREQUEST => $method,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_CONNECTTIMEOUT => self::CONNECT_SECONDS,
            CURLOPT_TIMEOUT => $this->config->timeout(),
            CURLOPT_NOBODY => $method === 'HEAD',
        ]);
        if ($this->config->credentials() !== null) {
            curl_setopt($handle, CURLOPT_USERPWD, $this->config->credentials());
        }
        if ($body !== null) {
            curl_setopt($handle, CURLOPT_POSTFIELDS, is_array($body) ? json_encode($body, JSON_THROW_ON_ERROR) : $body);
            curl_setopt($handle, CURLOPT_HTTPHEADER, [
                'Content-Type: ' . (is_array($body) ? 'application/json' : 'application/x-ndjson'),
            ]);
        }
        $answer = curl_exec($handle);
        $status = curl_getinfo($handle, CURLINFO_RESPONSE_CODE);
        $error = curl_error($handle);
        if ($answer === false || $status === 0) {
            throw new SearchException(sprintf('The search engine on %s is not reachable: %s', $this->config->url(), $error));
        }
        try {
            $data = $answer === '' ? [] : (array)json_decode((string)$answer, true, 512, JSON_THROW_ON_ERROR);
        } catch (JsonException) {
            throw new SearchException(sprintf('%s answered %d with something that is not JSON.', $url, $status));
        }
        if ($status >= 400) {
            $reason = is_array($data['error'] ?? null) ? $data['error']['reason'] ?? 'unknown reason' : $data['error'] ?? 'unknown reason';
            throw new SearchException(sprintf('%s %s answered %d: %s', $method, $url, $status, $reason), $status);
        }
        return $data;
    }

    public function exists(string $path): bool
    {
        try {
            $this->request('HEAD', $path);
            return true;
        } catch (SearchException $e) {
            if ($e->getCode() === 404) {
                return false;
            }
            throw $e;
        }
    }
}
