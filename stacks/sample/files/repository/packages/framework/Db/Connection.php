<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Db;

use PDO;
use PDOException;
use PDOStatement;
use Shopkeeper\Framework\App\DeploymentConfig;
use Throwable;

/** The default connection of env.php, opened when the first statement needs it. */
class Connection
{
    private ?PDO $pdo = null;
    private int $depth = 0;

    public function __construct(private readonly DeploymentConfig $config)
    {
    }

    public function table(string $name): string
    {
        return $this->config->get('db/table_prefix', '') . $name;
    }

    public function databaseName(): string
    {
        return (string)$this->config->get('db/connection/default/dbname');
    }

    public function query(string $sql, array $bind = []): PDOStatement
    {
        try {
            $statement = $this->pdo()->prepare($sql);
            foreach (array_is_list($bind) ? $bind : array_combine(
                array_map(static fn (string $name) => ':' . ltrim($name, ':'), array_keys($bind)),
                $bind
            ) as $key => $value) {
                $type = match (true) {
                    is_int($value), is_bool($value) => PDO::PARAM_INT,
                    $value === null => PDO::PARAM_NULL,
                    default => PDO::PARAM_STR,
                };
                $statement->bindValue(is_int($key) ? $key + 1 : $key, $value, $type);
            }
            $statement->execute();
            return $statement;
        } catch (PDOException $e) {
            throw new DbException($e->getMessage() . ', query was: ' . $sql, (int)($e->errorInfo[1] ?? 0), $e);
        }
    }

    /** For statements that cannot be prepared: DDL and SET. */
    public function raw(string $sql): void
    {
        try {
            $this->pdo()->exec($sql);
        } catch (PDOException $e) {
            throw new DbException($e->getMessage() . ', query was: ' . $sql, (int)($e->errorInfo[1] ?? 0), $e);
        }
    }

    /** @return array<int, array<string, mixed>> */
    public function fetchAll(string $sql, array $bind = []): array
    {
        return $this->query($sql, $bind)->fetchAll(PDO::FETCH_ASSOC);
    }

    /** @return array<string, mixed>|null */
    public function fetchRow(string $sql, array $bind = []): ?array
    {
        return $this->query($sql, $bind)->fetch(PDO::FETCH_ASSOC) ?: null;
    }

    public function fetchOne(string $sql, array $bind = []): mixed
    {
        $value = $this->query($sql, $bind)->fetchColumn();
        return $value === false ? null : $value;
    }

    public function fetchCol(string $sql, array $bind = []): array
    {
        return $this->query($sql, $bind)->fetchAll(PDO::FETCH_COLUMN);
    }

    /** @return array<mixed, mixed> first column => second column */
    public function fetchPairs(string $sql, array $bind = []): array
    {
        return $this->query($sql, $bind)->fetchAll(PDO::FETCH_KEY_PAIR);
    }

    public function insert(string $table, array $row): int
    {
        $this->insertMultiple($table, [$row]);
        return (int)$this->pdo()->lastInsertId();
    }

    /** @param array<int, array<string, mixed>> $rows all with the same keys */
    public function insertMultiple(string $table, array $rows, array $updateOnDuplicate = [], bool $ignore = false): void
    {
        foreach (array_chunk($rows, 500) as $chunk) {
            $columns = array_keys($chunk[0]);
            $placeholders = '(' . implode(', ', array_fill(0, count($columns), '?')) . ')';
            $sql = sprintf(
                'INSERT %sINTO %s (%s) VALUES %s',
                $ignore ? 'IGNORE ' : '',
                $this->quoted($this->table($table)),
                implode(', ', array_map($this->quoted(...), $columns)),
                implode(', ', array_fill(0, count($chunk), $placeholders))
            );
            if ($updateOnDuplicate !== []) {
                $sql .= ' ON DUPLICATE KEY UPDATE ' . implode(', ', array_map(
                    fn (string $column) => $this->quoted($column) . ' = VALUES(' . $this->quoted($column) . ')',
                    $updateOnDuplicate
                ));
            }
            $this->query($sql, array_merge(...array_map('array_values', $chunk)));
        }
    }

    public function insertOnDuplicate(string $table, array $row, ?array $update = null): void
    {
        $this->insertMultiple($table, [$row], $update ?? array_keys($row));
    }

    /** @param array<string, mixed> $where column => value, joined by AND; a list value means IN */
    public function update(string $table, array $values, array $where): int
    {
        $set = implode(', ', array_map(fn (string $column) => $this->quoted($column) . ' = ?', array_keys($values)));
        [$condition, $bind] = $this->where($where);
        $sql = 'UPDATE ' . $this->quoted($this->table($table)) . ' SET ' . $set . $condition;
        return $this->query($sql, array_merge(array_values($values), $bind))->rowCount();
    }

    public function delete(string $table, array $where): int
    {
        [$condition, $bind] = $this->where($where);
        return $this->query('DELETE FROM ' . $this->quoted($this->table($table)) . $condition, $bind)->rowCount();
    }

    /**
     * @template T
     * @param callable(): T $work
     * @return T
     */
    public function transaction(callable $work): mixed
    {
        if ($this->depth++ === 0) {
            $this->pdo()->beginTransaction();
        }
        try {
            $result = $work();
            if (--$this->depth === 0) {
                $this->pdo()->commit();
            }
            return $result;
        } catch (Throwable $e) {
            if ($this->depth > 0) {
                $this->depth = 0;
                $this->pdo()->rollBack();
            }
            throw $e;
        }
    }

    public function in(array $values): string
    {
        return $values === [] ? '(NULL)' : '(' . implode(', ', array_fill(0, count($values), '?')) . ')';
    }

    public function quoted(string $identifier): string
    {
        return '`' . str_replace('`', '``', $identifier) . '`';
    }

    public function quote(string $value): string
    {
        return $this->pdo()->quote($value);
    }

    public function close(): void
    {
        $this->pdo = null;
        $this->depth = 0;
    }

    private function where(array $where): array
    {
        $parts = $bind = [];
        foreach ($where as $column => $value) {
            if (is_array($value)) {
                $parts[] = $this->quoted($column) . ' IN ' . $this->in($value);
                array_push($bind, ...array_values($value));
            } elseif ($value === null) {
                $parts[] = $this->quoted($column) . ' IS NULL';
            } else {
                $parts[] = $this->quoted($column) . ' = ?';
                $bind[] = $value;
            }
        }
        return [' WHERE ' . implode(' AND ', $parts), $bind];
    }

    private function pdo(): PDO
    {
        return $this->pdo ??= ConnectionFactory::open((array)$this->config->get('db/connection/default', []));
    }
}
