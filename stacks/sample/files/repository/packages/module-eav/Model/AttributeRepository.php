<?php

declare(strict_types=1);

namespace Shopkeeper\Eav\Model;

use RuntimeException;
use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Db\Connection;

class AttributeRepository
{
    private const CACHE = 'eav';

    /** @var array<string, array<string, Attribute>> */
    private array $attributes = [];

    /** @var array<string, array<int, string>> */
    private array $options = [];

    public function __construct(
        private readonly Connection $connection,
        private readonly Cache $cache,
    ) {
    }

    /** @return array<string, Attribute> by code */
    public function all(string $entityType): array
    {
        if (!isset($this->attributes[$entityType])) {
            $rows = $this->cache->remember(self::CACHE, 'attributes_' . $entityType, fn () => $this->connection->fetchAll(
                "SELECT a.* FROM {$this->connection->table('eav_attribute')} a
                 JOIN {$this->connection->table('eav_entity_type')} t ON t.entity_type_id = a.entity_type_id
                 WHERE t.entity_type_code = ? ORDER BY a.position, a.attribute_id",
                [$entityType]
            ));
            $found = [];
            foreach ($rows as $row) {
                $found[$row['attribute_code']] = new Attribute(
                    (int)$row['attribute_id'],
                    $row['attribute_code'],
                    $row['backend_type'],
                    (string)$row['frontend_input'],
                    (string)$row['frontend_label'],
                    (bool)$row['is_filterable'],
                    (bool)$row['is_searchable'],
                    (bool)$row['is_visible_on_front']
                );
            }
            if ($found === []) {
                return [];
            }
            $this->attributes[$entityType] = $found;
        }
        return $this->attributes[$entityType];
    }

    public function get(string $entityType, string $code): Attribute
    {
        return $this->all($entityType)[$code]
            ?? throw new RuntimeException(sprintf('The attribute "%s" of "%s" does not exist.', $code, $entityType));
    }

    /** @return array<int, string> option id => label, in their order */
    public function options(Attribute $attribute, int $storeId): array
    {
        return $this->options[$attribute->id . '_' . $storeId] ??= $this->cache->remember(
            self::CACHE,
            'options_' . $attribute->id . '_' . $storeId,
            fn () => $this->connection->fetchPairs(
                "SELECT o.option_id, COALESCE(s.value, d.value)
                 FROM {$this->connection->table('eav_attribute_option')} o
                 LEFT JOIN {$this->connection->table('eav_attribute_option_value')} d ON d.option_id = o.option_id AND d.store_id = 0
                 LEFT JOIN {$this->connection->table('eav_attribute_option_value')} s ON s.option_id = o.option_id AND s.store_id = ?
                 WHERE o.attribute_id = ? ORDER BY o.sort_order, o.option_id",
                [$storeId, $attribute->id]
            )
        );
    }
}
