<?php

declare(strict_types=1);

namespace Shopkeeper\Webapi\Model;

use Shopkeeper\Framework\Db\Connection;

/** Tokens of administrators. The database keeps only their hashes. */
class Tokens
{
    private const HOURS = 4;

    public function __construct(private readonly Connection $connection)
    {
    }

    public function create(int $adminId): string
    {
        $this->connection->query(
            "DELETE FROM {$this->connection->table('oauth_token')} WHERE created_at < UTC_TIMESTAMP() - INTERVAL ? HOUR",
            [self::HOURS]
        );
        $token = bin2hex(random_bytes(24));
        $this->connection->insert('oauth_token', ['admin_id' => $adminId, 'token' => hash('sha256', $token)]);
        return $token;
    }

    public function isValid(string $token): bool
    {
        return (bool)$this->connection->fetchOne(
            "SELECT 1 FROM {$this->connection->table('oauth_token')} t
             JOIN {$this->connection->table('admin_user')} u ON u.user_id = t.admin_id AND u.is_active = 1
             WHERE t.token = ? AND t.created_at > UTC_TIMESTAMP() - INTERVAL ? HOUR",
            [hash('sha256', $token), self::HOURS]
        );
    }
}
