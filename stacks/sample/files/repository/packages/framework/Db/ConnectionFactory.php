<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Db;

use PDO;
use PDOException;

final class ConnectionFactory
{
    /** @param array $config one entry of env.php's db/connection */
    public static function open(array $config): PDO
    {
        $host = (string)($config['host'] ?? '');
        if ($host === '') {
            throw new DbException('app/etc/env.php has no db/connection/default/host. Run: bin/magento setup:install');
        }
        $port = $config['port'] ?? null;
        if (str_contains($host, '/')) {
            $dsn = 'mysql:unix_socket=' . $host;
        } else {
            if (preg_match('/^(.+):(\d+)$/', $host, $parts)) {
                [, $host, $port] = $parts;
            }
            $dsn = 'mysql:host=' . $host . ($port ? ';port=' . $port : '');
        }
        if (($config['dbname'] ?? '') !== '') {
            $dsn .= ';dbname=' . $config['dbname'];
        }
        try {
            return new PDO($dsn . ';charset=utf8mb4', $config['username'] ?? '', $config['password'] ?? '', [
                PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
                PDO::ATTR_TIMEOUT => 5,
                PDO::ATTR_EMULATE_PREPARES => false,
                // TIMESTAMP columns hold UTC, whatever the time zone of the server is.
                PDO::MYSQL_ATTR_INIT_COMMAND => "SET time_zone = '+00:00', sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'",
            ] + (array)($config['driver_options'] ?? []));
        } catch (PDOException $e) {
            throw new DbException(sprintf(
                'The database "%s" on "%s" is not reachable as "%s": %s',
                $config['dbname'] ?? '',
                $config['host'] ?? '',
                $config['username'] ?? '',
                $e->getMessage()
            ), (int)$e->getCode(), $e);
        }
    }
}
