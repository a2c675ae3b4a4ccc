<?php

declare(strict_types=1);

namespace Shopkeeper\Store\Controller;

use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Response;
use Shopkeeper\Framework\Http\RouterInterface;
use Shopkeeper\Store\Model\Url;

/** Sends a visitor who came by another name, port or scheme to the store's base URL. */
class BaseUrlRouter implements RouterInterface
{
    public function __construct(
        private readonly ScopeConfigInterface $config,
        private readonly Url $url,
    ) {
    }

    public function match(Request $request): ActionInterface|Response|null
    {
        $code = (int)$this->config->get('web/url/redirect_to_base');
        if ($code === 0 || !$request->isSafe() || $this->fits($request, $this->url->base())) {
            return null;
        }
        return new Response('', $code === 301 ? 301 : 302, [
            'Location' => $this->url->base() . ltrim($request->uri(), '/'),
            'Cache-Control' => 'no-store',
        ]);
    }

    private function fits(Request $request, string $base): bool
    {
        $wanted = parse_url($base);
        $scheme = $request->scheme($this->url->offloader());
        if ($wanted['scheme'] !== $scheme || strtolower($wanted['host']) !== $request->host()) {
            return false;
        }
        // A proxy may hide the port. Then it says nothing, and redirecting would never end.
        $standard = $scheme === 'https' ? 443 : 80;
        return $request->port() === null || ($wanted['port'] ?? $standard) === $request->port();
    }
}
