<?php

declare(strict_types=1);

namespace Shopkeeper\Eav\Model;

use Shopkeeper\Framework\Db\Connection;

/** Values of entities in their tables ENTITY_varchar, ENTITY_int …; a store's own value hides the default one. */
class ValueStorage
{
    private const TYPES = ['varchar', 'int', 'decimal', 'text', 'datetime'];

    public function __construct(
        private readonly Connection $connection,
        private readonly AttributeRepository $attributes,
    ) {
    }

    /**
     * @param int[] $ids
     * @return array<int, array<string, mixed>> entity id => attribute code => value
     */
    public function load(string $entityType, array $ids, int $storeId): array
    {
        if ($ids === []) {
            return [];
        }
        $codes = [];
        foreach ($this->attributes->all($entityType) as $attribute) {
            $codes[$attribute->id] = $attribute->code;
        }
        $values = [];
        foreach (self::TYPES as $type) {
            $rows = $this->connection->query(
                "SELECT entity_id, attribute_id, value FROM {$this->table($entityType, $type)}
                 WHERE entity_id IN {$this->connection->in($ids)} AND store_id IN (0, ?) ORDER BY store_id",
                [...array_values($ids), $storeId]
            );
            foreach ($rows as $row) {
                if (isset($codes[$row['attribute_id']])) {
                    $values[(int)$row['entity_id']][$codes[$row['attribute_id']]] = $row['value'];
                }
            }
        }
        return $values;
    }

    /** @param array<string, mixed> $values attribute code => value, null takes the value away */
    public function save(string $entityType, int $id, array $values, int $storeId = 0): void
    {
        foreach ($values as $code => $value) {
            $attribute = $this->attributes->get($entityType, $code);
            $key = ['attribute_id' => $attribute->id, 'store_id' => $storeId, 'entity_id' => $id];
            $table = $entityType . '_entity_' . $attribute->type;
            if ($value === null) {
                $this->connection->delete($table, $key);
            } else {
                $this->connection->insertOnDuplicate($table, $key + ['value' => $value], ['value']);
            }
        }
    }

    public function table(string $entityType, string $type): string
    {
        return $this->connection->table($entityType . '_entity_' . $type);
    }
}
