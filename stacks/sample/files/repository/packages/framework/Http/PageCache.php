<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\Cache\BackendPool;

/**
 * The built-in full page cache. It needs nothing but env.php and its storage, because a page that is found has to
 * leave before the application is put together.
 */
class PageCache
{
    public const DEBUG_HEADER = 'X-Magento-Cache-Debug';
    public const TAGS_HEADER = 'X-Magento-Tags';
    public const VARY_COOKIE = 'X-Magento-Vary';
    private const TAG = 'FPC';
    private const IGNORED = '/^(utm_\w+|gclid|fbclid|msclkid|_ga|mc_[a-z]+)$/';

    public function __construct(
        private readonly DeploymentConfig $config,
        private readonly BackendPool $backends,
    ) {
    }

    public function isEnabled(): bool
    {
        return (bool)$this->config->get('cache_types/full_page', 0);
    }

    public function load(Request $request): ?Response
    {
        if (!$this->isEnabled() || !$request->isSafe()) {
            return null;
        }
        $stored = $this->backend()->load($this->id($request));
        if ($stored === null) {
            return null;
        }
        $data = json_decode($stored, true);
        $response = new Response($data['body'], $data['status'], $data['headers']);
        return $response->header(self::DEBUG_HEADER, 'HIT');
    }

    /** Keeps a page that says it is public; any other page stays out. */
    public function save(Request $request, Response $response): void
    {
        $tags = (string)$response->headerValue(self::TAGS_HEADER);
        if (!$this->isEnabled() || !preg_match('/public.*s-maxage=(\d+)/', (string)$response->headerValue('Cache-Control'), $age)) {
            return;
        }
        if (!$request->isSafe() || !in_array($response->status, [200, 404], true)) {
            return;
        }
        $response->removeHeader(self::TAGS_HEADER);
        // The visitor's browser must not keep what the shop can drop at any moment.
        $response->header('Cache-Control', 'max-age=0, must-revalidate, no-cache, no-store');
        $response->header('Pragma', 'no-cache');
        $prefix = $this->backends->prefix(BackendPool::PAGE);
        $this->backend()->save(
            json_encode(['body' => $response->body, 'status' => $response->status, 'headers' => $response->headers()], JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE),
            $this->id($request),
            array_map(static fn (string $tag) => $prefix . $tag, array_unique(array_merge(array_filter(explode(',', $tags)), [self::TAG]))),
            (int)$age[1]
        );
        $response->header(self::DEBUG_HEADER, 'MISS');
    }

    private function id(Request $request): string
    {
        $queries = array_filter(
            $request->queries(),
            static fn (string|int $name) => !preg_match(self::IGNORED, (string)$name),
            ARRAY_FILTER_USE_KEY
        );
        ksort($queries);
        return $this->backends->prefix(BackendPool::PAGE) . 'PAGE_' . sha1(implode('|', [
            $request->scheme(),
            $request->host(),
            (string)$request->port(),
            (string)parse_url($request->uri(), PHP_URL_PATH),
            http_build_query($queries),
            (string)$request->cookie(self::VARY_COOKIE),
            $_SERVER['MAGE_RUN_TYPE'] ?? '',
            $_SERVER['MAGE_RUN_CODE'] ?? '',
        ]));
    }

    private function backend(): \Shopkeeper\Framework\Cache\BackendInterface
    {
        return $this->backends->get(BackendPool::PAGE);
    }
}
