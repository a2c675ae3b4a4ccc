<?php

declare(strict_types=1);

namespace Shopkeeper\SampleData\Setup\Patch\Data;

use Shopkeeper\Catalog\Model\Category;
use Shopkeeper\Catalog\Model\Product;
use Shopkeeper\Catalog\Setup\Patch\Data\InstallAttributes;
use Shopkeeper\Eav\Model\ValueStorage;
use Shopkeeper\Eav\Setup\EavSetup;
use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Setup\Patch\DataPatchInterface;
use Shopkeeper\SampleData\Model\Fixtures;
use Shopkeeper\SampleData\Model\MediaInstaller;

/** Six categories with six products each. */
class InstallCatalog implements DataPatchInterface
{
    private const STORE = 1;
    private const ATTRIBUTES = [
        'color' => ['Colour', 1, ['Fern', 'Oat', 'Clay', 'Slate', 'Ochre', 'Ink', 'Natural']],
        'material' => ['Material', 2, ['Stoneware', 'Glass', 'Wood', 'Metal', 'Linen', 'Wool', 'Cotton', 'Wax', 'Paper', 'Stone']],
        'maker' => ['Maker', 3, ['Fernhill Studio', 'Harbour Pottery', 'Northfold Mill', 'Oak & Ember', 'Lumen Works', 'Greenhand Tools', 'Quiet Press']],
    ];
    private const VIEWS = ['' => '%s', '-room' => '%s in a room', '-detail' => '%s, seen close'];

    /** @var array<string, array<string, int>> */
    private array $optionIds = [];

    public function __construct(
        private readonly Connection $connection,
        private readonly EavSetup $eav,
        private readonly ValueStorage $values,
        private readonly Fixtures $fixtures,
        private readonly MediaInstaller $media,
        private readonly Cache $cache,
    ) {
    }

    public static function getDependencies(): array
    {
        return [InstallAttributes::class];
    }

    public function getAliases(): array
    {
        return [];
    }

    public function apply(): void
    {
        $this->media->install();
        $this->addAttributes();
        $categories = $this->addCategories();
        foreach ($this->fixtures->load('products') as $position => $product) {
            $this->addProduct($product, $categories[$product['category']], $position);
        }
        $this->cache->cleanTypes(['eav', Cache::COLLECTIONS]);
    }

    private function addAttributes(): void
    {
        foreach (self::ATTRIBUTES as $code => [$label, $position, $options]) {
            $id = $this->eav->addAttribute(Product::TYPE, $code, 'int', 'select', $label, [
                'is_filterable' => 1,
                'is_searchable' => 1,
                'is_visible_on_front' => 1,
                'position' => $position,
            ]);
            $this->optionIds[$code] = $this->eav->addOptions($id, $options);
        }
        $this->eav->addAttribute(Product::TYPE, 'dimensions', 'varchar', 'text', 'Size', ['is_visible_on_front' => 1, 'position' => 4]);
        $this->eav->addAttribute(Product::TYPE, 'featured', 'int', 'boolean', 'Featured on the home page', ['position' => 90]);
        $this->eav->addAttribute(Category::TYPE, 'teaser', 'varchar', 'text', 'Teaser');
        $this->cache->cleanTypes(['eav']);
    }

    /** @return array<string, int> code => id */
    private function addCategories(): array
    {
        $ids = [];
        foreach ($this->fixtures->load('categories') as $position => $category) {
            $id = $this->connection->insert('catalog_category_entity', [
                'parent_id' => Category::DEFAULT_ROOT,
                'path' => '',
                'position' => $position + 1,
                'level' => 2,
            ]);
            $this->connection->update('catalog_category_entity', ['path' => '1/' . Category::DEFAULT_ROOT . '/' . $id], ['entity_id' => $id]);
            $this->values->save(Category::TYPE, $id, [
                'name' => $category['name'],
                'is_active' => 1,
                'include_in_menu' => 1,
                'url_key' => $category['url_key'],
                'teaser' => $category['teaser'],
                'description' => $category['description'],
                'image' => 'catalog/category/' . $category['code'] . '.svg',
            ]);
            $this->addRewrite('category', $id, $category['url_key'], 'catalog/category/view/id/' . $id);
            $ids[$category['code']] = $id;
        }
        $this->connection->update('catalog_category_entity', ['children_count' => count($ids)], ['entity_id' => Category::DEFAULT_ROOT]);
        return $ids;
    }

    private function addProduct(array $product, int $categoryId, int $position): void
    {
        $id = $this->connection->insert('catalog_product_entity', [
            'sku' => $product['sku'],
            'has_options' => (int)($product['options'] !== []),
        ]);
        $this->values->save(Product::TYPE, $id, [
            'name' => $product['name'],
            'short_description' => $product['short_description'],
            'description' => '<p>' . $product['description'] . '</p>',
            'price' => $product['price'],
            'special_price' => $product['special_price'] ?? null,
            'status' => 1,
            'visibility' => 1,
            'url_key' => $product['url_key'],
            'image' => $product['image'] . '.svg',
            'weight' => $product['weight'],
            'news_from_date' => $product['new'] ? gmdate('Y-m-d 00:00:00') : null,
            'color' => $this->optionIds['color'][$product['color']],
            'material' => $this->optionIds['material'][$product['material']],
            'maker' => $this->optionIds['maker'][$product['maker']],
            'dimensions' => $product['dimensions'],
            'featured' => (int)$product['featured'],
        ]);
        $number = 0;
        foreach (self::VIEWS as $suffix => $label) {
            $this->connection->insert('catalog_product_entity_media_gallery', [
                'entity_id' => $id,
                'value' => $product['image'] . $suffix . '.svg',
                'label' => sprintf($label, $product['name']),
                'position' => ++$number,
            ]);
        }
        foreach ($product['options'] as $order => $option) {
            $this->addOption($id, $option, $order);
        }
        $this->connection->insert('catalog_category_product', ['category_id' => $categoryId, 'product_id' => $id, 'position' => $position]);
        $this->connection->insert('cataloginventory_stock_item', ['product_id' => $id, 'qty' => $product['qty'], 'is_in_stock' => 1]);
        $this->addRewrite('product', $id, $product['url_key'], 'catalog/product/view/id/' . $id);
    }

    private function addOption(int $productId, array $option, int $order): void
    {
        $optionId = $this->connection->insert('catalog_product_option', [
            'product_id' => $productId,
            'title' => $option['title'],
            'is_require' => (int)$option['required'],
            'sort_order' => $order,
        ]);
        foreach ($option['values'] as $position => $value) {
            $this->connection->insert('catalog_product_option_type_value', [
                'option_id' => $optionId,
                'title' => $value['title'],
                'sku' => $value['sku'],
                'price' => $value['price'],
                'sort_order' => $position,
            ]);
        }
    }

    private function addRewrite(string $type, int $id, string $key, string $target): void
    {
        $this->connection->insert('url_rewrite', [
            'entity_type' => $type,
            'entity_id' => $id,
            'request_path' => $key . '.html',
            'target_path' => $target,
            'store_id' => self::STORE,
        ]);
    }
}
