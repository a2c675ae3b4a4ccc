<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Setup\Patch\Data;

use Shopkeeper\Catalog\Model\Category;
use Shopkeeper\Catalog\Model\Product;
use Shopkeeper\Eav\Setup\EavSetup;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Setup\Patch\DataPatchInterface;
use Shopkeeper\Store\Setup\Patch\Data\InitializeStores;

/** Attributes every shop has, and the two categories above all others. */
class InstallAttributes implements DataPatchInterface
{
    private const SHOWN = ['is_visible_on_front' => 1];
    private const SEARCHED = ['is_searchable' => 1];

    public function __construct(
        private readonly Connection $connection,
        private readonly EavSetup $eav,
    ) {
    }

    public static function getDependencies(): array
    {
        return [InitializeStores::class];
    }

    public function getAliases(): array
    {
        return [];
    }

    public function apply(): void
    {
        $this->eav->addEntityType(Category::TYPE);
        foreach ([
            ['name', 'varchar', 'text', 'Category Name'],
            ['is_active', 'int', 'boolean', 'Is Active'],
            ['url_key', 'varchar', 'text', 'URL Key'],
            ['description', 'text', 'textarea', 'Description'],
            ['image', 'varchar', 'image', 'Image'],
            ['include_in_menu', 'int', 'boolean', 'Include in Navigation Menu'],
        ] as $attribute) {
            $this->eav->addAttribute(Category::TYPE, ...$attribute);
        }
        $this->eav->addEntityType(Product::TYPE);
        foreach ([
            ['name', 'varchar', 'text', 'Product Name', self::SEARCHED],
            ['description', 'text', 'textarea', 'Description', self::SEARCHED],
            ['short_description', 'text', 'textarea', 'Short Description', self::SEARCHED],
            ['price', 'decimal', 'price', 'Price', []],
            ['special_price', 'decimal', 'price', 'Special Price', []],
            ['status', 'int', 'boolean', 'Enable Product', []],
            ['visibility', 'int', 'boolean', 'Visible in catalog and search', []],
            ['url_key', 'varchar', 'text', 'URL Key', []],
            ['image', 'varchar', 'image', 'Base Image', []],
            ['weight', 'decimal', 'weight', 'Weight', self::SHOWN],
            ['news_from_date', 'datetime', 'date', 'Set Product as New from Date', []],
        ] as $attribute) {
            $this->eav->addAttribute(Product::TYPE, ...$attribute);
        }
        $this->connection->insertMultiple('catalog_category_entity', [
            ['entity_id' => 1, 'parent_id' => 0, 'path' => '1', 'position' => 0, 'level' => 0, 'children_count' => 1],
            ['entity_id' => Category::DEFAULT_ROOT, 'parent_id' => 1, 'path' => '1/2', 'position' => 1, 'level' => 1, 'children_count' => 0],
        ]);
    }
}
