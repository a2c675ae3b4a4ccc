<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Redis;

/** Reads the three spellings env.php has for a Redis server: of caches, of sessions, of locks. */
final class ClientFactory
{
    public static function fromOptions(array $options): Client
    {
        $host = (string)($options['server'] ?? $options['host'] ?? '127.0.0.1');
        $port = (int)($options['port'] ?? 0) ?: 6379;
        if (preg_match('~^tcp://([^:/]+)(?::(\d+))?$~', $host, $parts)) {
            $host = $parts[1];
            $port = (int)($parts[2] ?? $port);
        }
        return new Client(
            $host,
            $port,
            (int)($options['database'] ?? 0),
            (string)($options['password'] ?? ''),
            (float)($options['connect_timeout'] ?? $options['timeout'] ?? 2.5) ?: 2.5
        );
    }
}
