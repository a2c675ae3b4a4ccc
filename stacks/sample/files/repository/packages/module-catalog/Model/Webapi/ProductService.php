<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model\Webapi;

use Shopkeeper\Catalog\Model\Product;
use Shopkeeper\Catalog\Model\ProductImage;
use Shopkeeper\Catalog\Model\ProductRepository;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Webapi\Controller\RestRequest;
use Shopkeeper\Webapi\Model\WebapiException;

class ProductService
{
    private const OWN_FIELDS = ['name', 'price', 'status', 'visibility', 'weight'];

    public function __construct(
        private readonly ProductRepository $products,
        private readonly Connection $connection,
    ) {
    }

    public function get(RestRequest $request): array
    {
        $product = $this->products->bySku($request->path('sku'));
        if ($product === null || !$product->isShown()) {
            throw new WebapiException("The product that was requested doesn't exist. Verify the product and try again.", 404);
        }
        return $this->data($product);
    }

    public function list(RestRequest $request): array
    {
        $criteria = $request->criteria();
        $where = '';
        $bind = [];
        if (isset($criteria['filters']['sku'])) {
            $where = ' WHERE e.sku LIKE ?';
            $bind[] = $criteria['filters']['sku'];
        } elseif (isset($criteria['filters']['category_id'])) {
            $where = ' WHERE i.category_id = ?';
            $bind[] = (int)$criteria['filters']['category_id'];
        }
        $from = "FROM {$this->connection->table('catalog_product_entity')} e
                 JOIN {$this->connection->table('catalog_category_product_index')} i ON i.product_id = e.entity_id$where";
        $offset = ($criteria['page'] - 1) * $criteria['size'];
        $ids = $this->connection->fetchCol("SELECT DISTINCT e.entity_id $from ORDER BY e.entity_id LIMIT {$criteria['size']} OFFSET $offset", $bind);
        return [
            'items' => array_map($this->data(...), array_values($this->products->byIds(array_map('intval', $ids)))),
            'search_criteria' => ['page_size' => $criteria['size'], 'current_page' => $criteria['page']],
            'total_count' => (int)$this->connection->fetchOne("SELECT COUNT(DISTINCT e.entity_id) $from", $bind),
        ];
    }

    private function data(Product $product): array
    {
        $custom = [];
        foreach ($product->values as $code => $value) {
            if (!in_array($code, self::OWN_FIELDS, true)) {
                $custom[] = ['attribute_code' => $code, 'value' => $value];
            }
        }
        return [
            'id' => $product->id,
            'sku' => $product->sku,
            'name' => $product->name(),
            'price' => $product->price(),
            'final_price' => $product->finalPrice(),
            'status' => (int)$product->value('status'),
            'visibility' => (int)$product->value('visibility'),
            'type_id' => 'simple',
            'created_at' => $product->createdAt,
            'updated_at' => $product->updatedAt,
            'weight' => (float)$product->value('weight'),
            'extension_attributes' => ['stock_item' => ['qty' => $product->qty, 'is_in_stock' => $product->inStock]],
            'media_gallery_entries' => array_map(static fn (ProductImage $image) => ['media_type' => 'image', 'label' => $image->label, 'file' => $image->file], $product->gallery),
            'custom_attributes' => $custom,
        ];
    }
}
