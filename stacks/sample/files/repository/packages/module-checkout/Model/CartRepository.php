<?php

declare(strict_types=1);

namespace Shopkeeper\Checkout\Model;

use Shopkeeper\Catalog\Model\Product;
use Shopkeeper\Catalog\Model\ProductRepository;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Session\Session;
use Shopkeeper\Store\Model\StoreManager;

/** The visitor's quote. The session holds its id and nothing else. */
class CartRepository
{
    private const SESSION_KEY = 'quote_id';

    private ?Cart $cart = null;

    public function __construct(
        private readonly Connection $connection,
        private readonly ProductRepository $products,
        private readonly Session $session,
        private readonly StoreManager $stores,
    ) {
    }

    public function current(): Cart
    {
        return $this->cart ??= $this->load();
    }

    /** @param array<int, int> $choices option id => value id */
    public function add(Product $product, int $qty, array $choices): void
    {
        $choices = $this->validChoices($product, $choices);
        $key = implode(',', array_map(static fn (int $option, int $value) => $option . ':' . $value, array_keys($choices), $choices));
        $this->checkQty($product, $qty + $this->qtyInCart($product->id));
        $quoteId = $this->quoteId();
        $this->connection->query(
            "INSERT INTO {$this->connection->table('quote_item')} (quote_id, product_id, option_key, qty) VALUES (?, ?, ?, ?)
             ON DUPLICATE KEY UPDATE qty = qty + VALUES(qty)",
            [$quoteId, $product->id, $key, $qty]
        );
        $this->touch($quoteId);
    }

    public function setQty(int $itemId, int $qty): void
    {
        $item = $this->item($itemId);
        if ($qty < 1) {
            $this->connection->delete('quote_item', ['item_id' => $itemId]);
        } else {
            $this->checkQty($item->product, $qty + $this->qtyInCart($item->product->id) - $item->qty);
            $this->connection->update('quote_item', ['qty' => $qty], ['item_id' => $itemId]);
        }
        $this->touch((int)$this->current()->quoteId);
    }

    public function close(int $quoteId, string $orderNumber): void
    {
        $this->connection->update('quote', ['is_active' => 0, 'reserved_order_id' => $orderNumber], ['entity_id' => $quoteId]);
        $this->session->remove(self::SESSION_KEY);
        $this->cart = null;
    }

    private function load(): Cart
    {
        $quoteId = (int)$this->session->get(self::SESSION_KEY, 0);
        $rows = $quoteId === 0 ? [] : $this->connection->fetchAll(
            "SELECT i.* FROM {$this->connection->table('quote_item')} i
             JOIN {$this->connection->table('quote')} q ON q.entity_id = i.quote_id
             WHERE q.entity_id = ? AND q.is_active = 1 ORDER BY i.item_id",
            [$quoteId]
        );
        $products = $this->products->byIds(array_values(array_unique(array_map('intval', array_column($rows, 'product_id')))));
        $items = [];
        foreach ($rows as $row) {
            if (isset($products[(int)$row['product_id']])) {
                $items[] = new CartItem((int)$row['item_id'], $products[(int)$row['product_id']], (int)$row['qty'], $this->choices($row['option_key']));
            }
        }
        return new Cart($quoteId ?: null, $items);
    }

    private function quoteId(): int
    {
        $id = (int)$this->session->get(self::SESSION_KEY, 0);
        $active = $id !== 0 && $this->connection->fetchOne(
            "SELECT is_active FROM {$this->connection->table('quote')} WHERE entity_id = ?",
            [$id]
        );
        if (!$active) {
            $id = $this->connection->insert('quote', ['store_id' => $this->stores->current()->id]);
            $this->session->set(self::SESSION_KEY, $id);
        }
        return $id;
    }

    private function item(int $itemId): CartItem
    {
        foreach ($this->current()->items as $item) {
            if ($item->id === $itemId) {
                return $item;
            }
        }
        throw new CartException(__('This item is no longer in your cart.'));
    }

    private function qtyInCart(int $productId): int
    {
        $qty = 0;
        foreach ($this->current()->items as $item) {
            $qty += $item->product->id === $productId ? $item->qty : 0;
        }
        return $qty;
    }

    private function checkQty(Product $product, int $qty): void
    {
        if (!$product->isSaleable()) {
            throw new CartException(__('%1 is sold out at the moment.', $product->name()));
        }
        if ($qty > min($product->qty, $product->maxQty)) {
            throw new CartException(__('We can offer %1 piece(s) of %2 at most.', (int)min($product->qty, $product->maxQty), $product->name()));
        }
    }

    /** @return array<int, int> */
    private function validChoices(Product $product, array $choices): array
    {
        $valid = [];
        foreach ($product->options as $option) {
            $value = (int)($choices[$option->id] ?? 0);
            if (isset($option->values[$value])) {
                $valid[$option->id] = $value;
            } elseif ($option->required) {
                throw new CartException(__('Please choose: %1', $option->title));
            }
        }
        return $valid;
    }

    /** @return array<int, int> */
    private function choices(string $key): array
    {
        $choices = [];
        foreach (array_filter(explode(',', $key)) as $pair) {
            [$option, $value] = explode(':', $pair);
            $choices[(int)$option] = (int)$value;
        }
        return $choices;
    }

    private function touch(int $quoteId): void
    {
        $this->connection->update('quote', ['updated_at' => gmdate('Y-m-d H:i:s')], ['entity_id' => $quoteId]);
        $this->cart = null;
    }
}
