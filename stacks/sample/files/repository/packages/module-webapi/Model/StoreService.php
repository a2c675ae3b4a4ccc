<?php

declare(strict_types=1);

namespace Shopkeeper\Webapi\Model;

use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Store\Model\Store;
use Shopkeeper\Store\Model\StoreManager;
use Shopkeeper\Webapi\Controller\RestRequest;

class StoreService
{
    public function __construct(
        private readonly StoreManager $stores,
        private readonly ScopeConfigInterface $config,
    ) {
    }

    public function configs(RestRequest $request): array
    {
        return array_map(fn (Store $store) => [
            'id' => $store->id,
            'code' => $store->code,
            'website_id' => $store->websiteId,
            'locale' => $this->value($store, 'general/locale/code'),
            'base_currency_code' => $this->value($store, 'currency/options/base'),
            'default_display_currency_code' => $this->value($store, 'currency/options/default'),
            'timezone' => $this->value($store, 'general/locale/timezone'),
            'weight_unit' => 'kgs',
            'base_url' => $this->value($store, 'web/unsecure/base_url'),
            'secure_base_url' => $this->value($store, 'web/secure/base_url') ?? $this->value($store, 'web/unsecure/base_url'),
        ], $this->visible());
    }

    public function views(RestRequest $request): array
    {
        return array_map(static fn (Store $store) => [
            'id' => $store->id,
            'code' => $store->code,
            'name' => $store->name,
            'website_id' => $store->websiteId,
            'store_group_id' => $store->groupId,
            'is_active' => (int)$store->active,
        ], $this->visible());
    }

    /** @return Store[] */
    private function visible(): array
    {
        return array_values(array_filter($this->stores->all(), static fn (Store $store) => $store->id !== Store::ADMIN_ID));
    }

    private function value(Store $store, string $path): ?string
    {
        return $this->config->get($path, ScopeConfigInterface::STORE, $store->code);
    }
}
