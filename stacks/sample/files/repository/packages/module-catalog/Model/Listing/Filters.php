<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Model\Listing;

use Shopkeeper\Catalog\Model\Product;
use Shopkeeper\Eav\Model\Attribute;
use Shopkeeper\Eav\Model\AttributeRepository;
use Shopkeeper\Framework\Http\Request;

/** What the visitor chose beside a list of products: options of attributes, and a price range as "20-50". */
class Filters
{
    public const PRICE = 'price';

    public function __construct(
        private readonly Request $request,
        private readonly AttributeRepository $attributes,
    ) {
    }

    /** @return array<string, Attribute> */
    public function attributes(): array
    {
        return array_filter($this->attributes->all(Product::TYPE), static fn (Attribute $a) => $a->filterable && $a->hasOptions());
    }

    /** @return array<string, int> attribute code => option id */
    public function chosen(): array
    {
        $chosen = [];
        foreach (array_keys($this->attributes()) as $code) {
            $value = $this->request->query($code);
            if (is_string($value) && ctype_digit($value)) {
                $chosen[$code] = (int)$value;
            }
        }
        return $chosen;
    }

    /** @return array{0: float, 1: ?float}|null from and to */
    public function price(): ?array
    {
        $value = $this->request->query(self::PRICE);
        if (!is_string($value) || !preg_match('/^(\d{1,6})-(\d{0,6})$/', $value, $parts)) {
            return null;
        }
        return [(float)$parts[1], $parts[2] === '' ? null : (float)$parts[2]];
    }

    /** @return array<string, string> all that is chosen, as it stands in the address */
    public function queries(): array
    {
        $queries = array_map('strval', $this->chosen());
        if ($this->price() !== null) {
            $queries[self::PRICE] = (string)$this->request->query(self::PRICE);
        }
        return $queries;
    }
}
