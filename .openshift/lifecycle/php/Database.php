<?php

declare(strict_types=1);

namespace Shop;

use PDO;
use PDOException;

/** The shop's database, asked directly: Magento's own commands cannot tell "not installed" from "any other error". */
final class Database
{
    private readonly PDO $connection;
    private readonly string $prefix;
    /** @var list<string>|null */
    private ?array $tables = null;

    public function __construct()
    {
        $keys = TypedKeys::plain()['db'] ?? throw new Failure('env.json has no branch `db`.');
        $access = $keys['connection']['default'];
        $this->prefix = $keys['table_prefix'] ?? '';
        [$host, $port] = explode(':', $access['host'] . ':3306');
        try {
            $this->connection = new PDO(
                "mysql:host=$host;port=$port;dbname={$access['dbname']}",
                $access['username'],
                $access['password'],
                [PDO::ATTR_TIMEOUT => 5, PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION],
            );
        } catch (PDOException $error) {
            throw new Failure(self::explain($error, "$host:$port", $access['username'], $access['dbname']));
        }
    }

    /** @return list<string> the shop's tables, without prefix */
    public function tables(): array
    {
        if ($this->tables === null) {
            $found = $this->column('SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1');
            $own = array_filter($found, fn (string $table): bool => str_starts_with($table, $this->prefix));
            $this->tables = array_values(array_map(fn (string $table): string => substr($table, strlen($this->prefix)), $own));
        }
        return $this->tables;
    }

    public function has(string $table): bool
    {
        return in_array($table, $this->tables(), true);
    }

    /** Whether the table is there and has rows. */
    public function holds(string $table): bool
    {
        return $this->has($table) && $this->column("SELECT 1 FROM {$this->quoted($table)} LIMIT 1") !== [];
    }

    /** @return list<string> */
    public function values(string $table, string $column, string $condition): array
    {
        return $this->column("SELECT `$column` FROM {$this->quoted($table)} WHERE $condition ORDER BY 1");
    }

    public function count(string $table, string $condition): int
    {
        return (int) $this->column("SELECT COUNT(*) FROM {$this->quoted($table)} WHERE $condition")[0];
    }

    private function quoted(string $table): string
    {
        return "`$this->prefix$table`";
    }

    /** @return list<string> */
    private function column(string $query): array
    {
        try {
            return array_map(strval(...), $this->connection->query($query)->fetchAll(PDO::FETCH_COLUMN));
        } catch (PDOException $error) {
            throw new Failure("The database refuses a query: {$error->getMessage()}.");
        }
    }

    private static function explain(PDOException $error, string $address, string $user, string $name): string
    {
        return match ((int) $error->getCode()) {
            1045 => "The database at $address refuses user '$user' with the password of the secret db-password. "
                . 'The password was set when the volume was made: bring the two together, or delete the volume.',
            1044, 1049 => "There is no database '$name' at $address that user '$user' may use.",
            2002, 2003, 2005, 2006, 2013 => "The database at $address does not answer ({$error->getMessage()}). "
                . '`shop status` and `shop logs mysql` say why.',
            default => "The database at $address refuses: {$error->getMessage()}.",
        };
    }
}
