<?php

declare(strict_types=1);

namespace Shopkeeper\Eav\Setup;

use Shopkeeper\Framework\Db\Connection;

/** For data patches: entity types, attributes and their options. */
class EavSetup
{
    public function __construct(private readonly Connection $connection)
    {
    }

    public function addEntityType(string $code): int
    {
        return $this->connection->insert('eav_entity_type', [
            'entity_type_code' => $code,
            'entity_table' => $code . '_entity',
        ]);
    }

    /** @param array<string, mixed> $settings further columns of eav_attribute */
    public function addAttribute(string $entityType, string $code, string $type, string $input, string $label, array $settings = []): int
    {
        return $this->connection->insert('eav_attribute', $settings + [
            'entity_type_id' => $this->connection->fetchOne(
                "SELECT entity_type_id FROM {$this->connection->table('eav_entity_type')} WHERE entity_type_code = ?",
                [$entityType]
            ),
            'attribute_code' => $code,
            'backend_type' => $type,
            'frontend_input' => $input,
            'frontend_label' => $label,
        ]);
    }

    /**
     * @param string[] $labels
     * @return array<string, int> label => option id
     */
    public function addOptions(int $attributeId, array $labels): array
    {
        $ids = [];
        foreach (array_values($labels) as $position => $label) {
            $ids[$label] = $this->connection->insert('eav_attribute_option', ['attribute_id' => $attributeId, 'sort_order' => $position]);
            $this->connection->insert('eav_attribute_option_value', ['option_id' => $ids[$label], 'store_id' => 0, 'value' => $label]);
        }
        return $ids;
    }
}
