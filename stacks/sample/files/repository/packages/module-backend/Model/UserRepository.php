<?php

declare(strict_types=1);

namespace Shopkeeper\Backend\Model;

use RuntimeException;
use Shopkeeper\Framework\Db\Connection;

class UserRepository
{
    private const MAX_FAILURES = 6;
    private const LOCK_SECONDS = 1800;

    public function __construct(private readonly Connection $connection)
    {
    }

    public function byId(int $id): ?User
    {
        $row = $this->connection->fetchRow("SELECT * FROM {$this->table()} WHERE user_id = ? AND is_active = 1", [$id]);
        return $row === null ? null : $this->user($row);
    }

    /** Makes a user, or brings an existing one with the same name and mail address up to date. */
    public function save(string $username, string $password, string $email, string $firstname, string $lastname): bool
    {
        $rows = $this->connection->fetchAll("SELECT * FROM {$this->table()} WHERE username = ? OR email = ?", [$username, $email]);
        if (count($rows) > 1 || ($rows !== [] && ($rows[0]['username'] !== $username || $rows[0]['email'] !== $email))) {
            throw new RuntimeException(sprintf(
                'An existing user has the same username (%s) or the same email (%s), but not both.',
                $username,
                $email
            ));
        }
        $values = [
            'username' => $username,
            'email' => $email,
            'firstname' => $firstname,
            'lastname' => $lastname,
            'password' => password_hash($password, PASSWORD_DEFAULT),
            'is_active' => 1,
            'failures_num' => 0,
            'lock_expires' => null,
        ];
        if ($rows === []) {
            $this->connection->insert('admin_user', $values);
            return true;
        }
        $this->connection->update('admin_user', $values, ['user_id' => $rows[0]['user_id']]);
        return false;
    }

    /** The user of a correct name and password; too many wrong ones lock the account for a while. */
    public function authenticate(string $username, string $password): ?User
    {
        $row = $this->connection->fetchRow("SELECT * FROM {$this->table()} WHERE username = ?", [$username]);
        if ($row === null) {
            // Takes as long as a real check, so that names cannot be probed by time.
            password_verify($password, '$2y$10$usesomesillystringfore7hnbRJHxXVLeakoG8K30oukPsA.ztMG');
            return null;
        }
        $locked = $row['lock_expires'] !== null && strtotime($row['lock_expires']) > time();
        if ($locked || !(int)$row['is_active']) {
            return null;
        }
        if (!password_verify($password, $row['password'])) {
            $failures = (int)$row['failures_num'] + 1;
            $this->connection->update('admin_user', [
                'failures_num' => $failures % self::MAX_FAILURES,
                'lock_expires' => $failures >= self::MAX_FAILURES ? gmdate('Y-m-d H:i:s', time() + self::LOCK_SECONDS) : null,
            ], ['user_id' => $row['user_id']]);
            return null;
        }
        $this->connection->update('admin_user', [
            'failures_num' => 0,
            'lock_expires' => null,
            'logdate' => gmdate('Y-m-d H:i:s'),
            'lognum' => (int)$row['lognum'] + 1,
        ], ['user_id' => $row['user_id']]);
        return $this->user($row);
    }

    private function user(array $row): User
    {
        return new User((int)$row['user_id'], $row['username'], (string)$row['firstname'], (string)$row['lastname'], (string)$row['email']);
    }

    private function table(): string
    {
        return $this->connection->table('admin_user');
    }
}
