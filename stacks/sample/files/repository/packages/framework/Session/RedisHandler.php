<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Session;

use SessionHandlerInterface;
use Shopkeeper\Framework\Redis\Client;

/**
 * Sessions as hashes in Redis. They are not locked: a session holds ids of things in the database, and what two
 * requests change at the same moment is protected there.
 */
final class RedisHandler implements SessionHandlerInterface
{
    private const PREFIX = 'sess_';

    public function __construct(
        private readonly Client $client,
        private readonly int $lifetime,
    ) {
    }

    public function open(string $path, string $name): bool
    {
        return true;
    }

    public function close(): bool
    {
        return true;
    }

    public function read(string $id): string|false
    {
        return (string)$this->client->command('HGET', self::PREFIX . $id, 'data');
    }

    public function write(string $id, string $data): bool
    {
        $this->client->pipeline([
            ['HSET', self::PREFIX . $id, 'data', $data],
            ['HINCRBY', self::PREFIX . $id, 'writes', '1'],
            ['EXPIRE', self::PREFIX . $id, (string)$this->lifetime],
        ]);
        return true;
    }

    public function destroy(string $id): bool
    {
        $this->client->command('DEL', self::PREFIX . $id);
        return true;
    }

    public function gc(int $max_lifetime): int|false
    {
        // Redis drops what expired by itself.
        return 0;
    }
}
