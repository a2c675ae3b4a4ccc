<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Cache;

use Shopkeeper\Framework\Redis\Client;

/** One hash per entry and one set per tag; large entries are compressed. */
class RedisBackend implements BackendInterface
{
    private const KEY = 'zc:k:';
    private const TAG = 'zc:ti:';
    private const GZIP = "gz:\x1f\x8b";
    private const COMPRESS_FROM = 20480;

    public function __construct(private readonly Client $client)
    {
    }

    public function load(string $id): ?string
    {
        $data = $this->client->command('HGET', self::KEY . $id, 'd');
        return is_string($data) && str_starts_with($data, self::GZIP)
            ? gzuncompress(substr($data, strlen(self::GZIP)))
            : $data;
    }

    public function save(string $data, string $id, array $tags = [], ?int $lifetime = null): void
    {
        if (strlen($data) >= self::COMPRESS_FROM) {
            $data = self::GZIP . gzcompress($data, 1);
        }
        $key = self::KEY . $id;
        $commands = [
            ['MULTI'],
            ['HSET', $key, 'd', $data, 't', implode(',', $tags), 'm', (string)time(), 'i', $lifetime ? '0' : '1'],
            $lifetime ? ['EXPIRE', $key, (string)$lifetime] : ['PERSIST', $key],
        ];
        foreach ($tags as $tag) {
            $commands[] = ['SADD', self::TAG . $tag, $id];
        }
        $commands[] = ['EXEC'];
        $this->client->pipeline($commands);
    }

    public function remove(string $id): void
    {
        $this->client->command('DEL', self::KEY . $id);
    }

    public function clean(array $tags): void
    {
        foreach ($tags as $tag) {
            $ids = $this->client->command('SMEMBERS', self::TAG . $tag) ?: [];
            foreach (array_chunk($ids, 500) as $chunk) {
                $this->client->command('DEL', ...array_map(static fn (string $id) => self::KEY . $id, $chunk));
            }
            $this->client->command('DEL', self::TAG . $tag);
        }
    }

    public function flush(): void
    {
        $this->client->command('FLUSHDB');
    }

    public function check(): void
    {
        $this->client->command('PING');
    }
}
