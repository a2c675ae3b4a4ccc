<?php

declare(strict_types=1);

namespace Shopkeeper\Store\Model;

use Shopkeeper\Framework\App\Area;
use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Url\UrlInterface;

/** Addresses below the store's base URL, secure where the visitor came by https or a setting asks for it. */
class Url implements UrlInterface
{
    public function __construct(
        private readonly ScopeConfigInterface $config,
        private readonly DeploymentConfig $deployment,
        private readonly Request $request,
        private readonly Area $area,
    ) {
    }

    public function get(string $path = '', array $query = []): string
    {
        $path = ltrim($path, '/');
        if ($this->area->code === Area::ADMIN) {
            $path = rtrim($this->deployment->get('backend/frontName') . '/' . $path, '/');
        }
        if ($path !== '' && !$this->config->flag('web/seo/use_rewrites')) {
            $path = 'index.php/' . $path;
        }
        return $this->base() . $path . ($query === [] ? '' : '?' . http_build_query($query));
    }

    public function base(): string
    {
        return $this->baseUrl($this->isSecure());
    }

    public function baseUrl(bool $secure): string
    {
        $unsecure = (string)$this->config->get('web/unsecure/base_url');
        $url = $secure ? (string)($this->config->get('web/secure/base_url') ?? $unsecure) : $unsecure;
        $url = str_replace('{{unsecure_base_url}}', $unsecure, $url);
        if ($url === '' || str_contains($url, '{{base_url}}')) {
            $port = $this->request->port();
            $url = $this->request->scheme($this->offloader()) . '://' . $this->request->host() . ($port ? ':' . $port : '') . '/';
        }
        return rtrim($url, '/') . '/';
    }

    public function media(string $file): string
    {
        return $this->special('media', 'media/') . $file;
    }

    public function static(string $file): string
    {
        return $this->special('static', 'static/') . $file;
    }

    public function isSecure(): bool
    {
        $setting = $this->area->code === Area::ADMIN ? 'web/secure/use_in_adminhtml' : 'web/secure/use_in_frontend';
        return $this->request->isSecure($this->offloader()) || $this->config->flag($setting);
    }

    public function offloader(): string
    {
        return (string)($this->config->get('web/secure/offloader_header') ?? 'X-Forwarded-Proto');
    }

    private function special(string $kind, string $default): string
    {
        $group = $this->isSecure() ? 'secure' : 'unsecure';
        $url = (string)$this->config->get("web/$group/base_{$kind}_url");
        return $url === '' ? $this->base() . $default : str_replace(
            ['{{unsecure_base_url}}', '{{secure_base_url}}'],
            [$this->baseUrl(false), $this->baseUrl(true)],
            $url
        );
    }
}
