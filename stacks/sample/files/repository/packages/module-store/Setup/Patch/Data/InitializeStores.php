<?php

declare(strict_types=1);

namespace Shopkeeper\Store\Setup\Patch\Data;

use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Setup\Patch\DataPatchInterface;

/** The admin scope with the ids 0 and one website with one store. */
class InitializeStores implements DataPatchInterface
{
    public function __construct(private readonly Connection $connection)
    {
    }

    public static function getDependencies(): array
    {
        return [];
    }

    public function getAliases(): array
    {
        return [];
    }

    public function apply(): void
    {
        // Otherwise 0 would mean "give the next number".
        $this->connection->query("SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')");
        $this->connection->insertMultiple('store_website', [
            ['website_id' => 0, 'code' => 'admin', 'name' => 'Admin', 'default_group_id' => 0, 'is_default' => 0],
            ['website_id' => 1, 'code' => 'base', 'name' => 'Main Website', 'default_group_id' => 1, 'is_default' => 1],
        ]);
        $this->connection->insertMultiple('store_group', [
            ['group_id' => 0, 'website_id' => 0, 'name' => 'Default', 'root_category_id' => 0, 'default_store_id' => 0, 'code' => 'default'],
            ['group_id' => 1, 'website_id' => 1, 'name' => 'Main Website Store', 'root_category_id' => 2, 'default_store_id' => 1, 'code' => 'main_website_store'],
        ]);
        $this->connection->insertMultiple('store', [
            ['store_id' => 0, 'code' => 'admin', 'website_id' => 0, 'group_id' => 0, 'name' => 'Admin', 'is_active' => 1],
            ['store_id' => 1, 'code' => 'default', 'website_id' => 1, 'group_id' => 1, 'name' => 'Default Store View', 'is_active' => 1],
        ]);
        $this->connection->query("SET SESSION sql_mode = REPLACE(@@sql_mode, 'NO_AUTO_VALUE_ON_ZERO', '')");
    }
}
