<?php

declare(strict_types=1);

namespace Shopkeeper\SampleData\Setup\Patch\Data;

use Shopkeeper\Catalog\Model\Product;
use Shopkeeper\Catalog\Model\ProductRepository;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Locale\Format;
use Shopkeeper\Framework\Setup\Patch\DataPatchInterface;
use Shopkeeper\Sales\Model\Order;
use Shopkeeper\Sales\Model\OrderWriter;
use Shopkeeper\SampleData\Model\Fixtures;

/** A month of orders, so that the back office has something to show. */
class InstallOrders implements DataPatchInterface
{
    private const STORE = 1;
    private const DAYS = 30;
    private const TAX = 1.2;
    private const SHIPPING = 4.9;
    private const FREE_FROM = 80;
    private const OPEN_DAYS = 3;

    public function __construct(
        private readonly Connection $connection,
        private readonly ProductRepository $products,
        private readonly OrderWriter $writer,
        private readonly Fixtures $fixtures,
        private readonly Format $format,
    ) {
    }

    public static function getDependencies(): array
    {
        return [InstallCatalog::class];
    }

    public function getAliases(): array
    {
        return [];
    }

    public function apply(): void
    {
        $skus = array_column($this->fixtures->load('products'), 'sku');
        $customers = $this->fixtures->load('customers');
        // A fixed start gives every installation the same orders.
        mt_srand(1867);
        shuffle($skus);
        $sold = [];
        for ($day = self::DAYS; $day > 0; $day--) {
            for ($i = mt_rand(1, 4); $i > 0; $i--) {
                $time = gmdate('Y-m-d H:i:s', time() - $day * 86400 + mt_rand(0, 43200));
                foreach ($this->order($customers[mt_rand(0, count($customers) - 1)], $this->choose($skus), $time, $day) as $id => $qty) {
                    $sold[$id] = ($sold[$id] ?? 0) + $qty;
                }
            }
        }
        mt_srand();
        foreach ($sold as $id => $qty) {
            $this->connection->insertOnDuplicate('sales_bestsellers_aggregated', ['product_id' => $id, 'qty_ordered' => $qty], ['qty_ordered']);
        }
    }

    /** @return array<int, array{0: Product, 1: int}> */
    private function choose(array $skus): array
    {
        $chosen = [];
        for ($i = mt_rand(1, 3); $i > 0; $i--) {
            // The square makes products at the front of the list more popular.
            $product = $this->products->bySku($skus[(int)((mt_rand(0, 999) / 1000) ** 2 * count($skus))]);
            $chosen[$product->id] = [$product, mt_rand(1, 2)];
        }
        return $chosen;
    }

    /** @return array<int, int> product id => pieces */
    private function order(array $customer, array $chosen, string $time, int $day): array
    {
        $items = [];
        foreach ($chosen as [$product, $qty]) {
            $options = [];
            $price = $product->finalPrice();
            $sku = $product->sku;
            foreach ($product->options as $option) {
                $value = array_values($option->values)[mt_rand(0, count($option->values) - 1)];
                $options[$option->title] = $value['title'];
                $price += $value['price'];
                $sku .= '-' . $value['sku'];
            }
            $items[] = [
                'product_id' => $product->id,
                'sku' => $sku,
                'name' => $product->name(),
                'options' => json_encode($options, JSON_THROW_ON_ERROR),
                'qty_ordered' => $qty,
                'price' => $price,
                'row_total' => $price * $qty,
            ];
        }
        $subtotal = array_sum(array_column($items, 'row_total'));
        $shipping = $subtotal >= self::FREE_FROM ? 0 : self::SHIPPING;
        $total = $subtotal + $shipping;
        $id = $this->writer->create([
            'increment_id' => $this->writer->nextNumber(self::STORE),
            'store_id' => self::STORE,
            'customer_email' => $customer['email'],
            'customer_firstname' => $customer['firstname'],
            'customer_lastname' => $customer['lastname'],
            'order_currency_code' => $this->format->currency(),
            'shipping_method' => 'flatrate_flatrate',
            'shipping_description' => 'Standard delivery',
            'subtotal' => $subtotal,
            'shipping_amount' => $shipping,
            'tax_amount' => round($total - $total / self::TAX, 2),
            'grand_total' => $total,
            'total_qty_ordered' => array_sum(array_column($items, 'qty_ordered')),
            'send_email' => 0,
            'created_at' => $time,
        ], $items, array_diff_key($customer, ['email' => 1]), ['method' => 'banktransfer', 'title' => 'Bank transfer', 'amount_ordered' => $total]);
        $later = static fn (int $hours): string => gmdate('Y-m-d H:i:s', strtotime($time . ' UTC') + $hours * 3600);
        $this->writer->setStatus($id, Order::PROCESSING, 'The storeroom has the picking list.', $later(1));
        if ($day > self::OPEN_DAYS) {
            $this->writer->setStatus($id, Order::COMPLETE, 'The parcel is on its way.', $later(30));
        }
        return array_column($items, 'qty_ordered', 'product_id');
    }
}
