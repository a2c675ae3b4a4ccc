<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Static;

use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Url\UrlInterface;
use Shopkeeper\Framework\View\Theme;

/** Addresses of static files: "css/styles.css" of the theme, "Vendor_Module::file" of a module. */
class Assets
{
    public function __construct(
        private readonly UrlInterface $url,
        private readonly Theme $theme,
        private readonly DeployedVersion $version,
        private readonly ScopeConfigInterface $config,
    ) {
    }

    public function url(string $file): string
    {
        $locale = (string)$this->config->get('general/locale/code');
        $path = $this->theme->id() . '/' . $locale . '/' . str_replace('::', '/', $file);
        $signed = $this->config->flag('dev/static/sign') ? 'version' . $this->version->get() . '/' : '';
        return $this->url->static($signed . $path);
    }
}
