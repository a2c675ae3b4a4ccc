<?php

declare(strict_types=1);

namespace Shopkeeper\Theme\Controller;

use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Response;
use Shopkeeper\Framework\Http\RouterInterface;

/** robots.txt, from design/search_engine_robots. */
class RobotsRouter implements RouterInterface
{
    public function __construct(private readonly ScopeConfigInterface $config)
    {
    }

    public function match(Request $request): ActionInterface|Response|null
    {
        if ($request->path() !== 'robots.txt') {
            return null;
        }
        $default = (string)$this->config->get('design/search_engine_robots/default_robots');
        $custom = (string)$this->config->get('design/search_engine_robots/custom_instructions');
        $rules = str_starts_with($default, 'NOINDEX') ? ['Disallow: /'] : [
            'Disallow: /checkout/',
            'Disallow: /customer/',
            'Disallow: /catalogsearch/',
            'Disallow: /sales/',
        ];
        $text = implode("\n", ['User-agent: *', ...$rules, ...($custom === '' ? [] : [$custom])]) . "\n";
        return new Response($text, 200, ['Content-Type' => 'text/plain; charset=utf-8']);
    }
}
