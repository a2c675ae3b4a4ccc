<?php

declare(strict_types=1);

namespace Shopkeeper\Deploy\Model;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Static\DeployedVersion;
use Shopkeeper\Framework\Static\Publisher;
use Shopkeeper\Store\Model\StoreManager;

/** Writes all static files of a theme. It works without a database, which a build has not. */
class StaticContent
{
    public function __construct(
        private readonly Publisher $publisher,
        private readonly DeployedVersion $version,
        private readonly DeploymentConfig $deployment,
        private readonly ScopeConfigInterface $config,
        private readonly StoreManager $stores,
        private readonly Cache $cache,
    ) {
    }

    /** @return string[] */
    public function themes(): array
    {
        return $this->publisher->themes();
    }

    /** @return string[] locales that the stores use; before the installation the one everybody has */
    public function locales(): array
    {
        if (!$this->deployment->isAvailable()) {
            return [(string)$this->deployment->get('system/default/general/locale/code', 'en_US')];
        }
        $locales = array_map(
            fn ($store) => (string)$this->config->get('general/locale/code', ScopeConfigInterface::STORE, $store->code),
            $this->stores->all()
        );
        return array_values(array_unique($locales));
    }

    public function deploy(string $theme, string $locale): int
    {
        return $this->publisher->publishAll($theme, $locale);
    }

    public function setVersion(string $version): void
    {
        $this->version->set($version);
        if ($this->deployment->isAvailable()) {
            // Pages in the cache name the old version.
            $this->cache->cleanTypes([Cache::FULL_PAGE, Cache::BLOCK_HTML]);
        }
    }
}
