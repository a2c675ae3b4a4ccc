<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http\Result;

use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Http\PageCache;
use Shopkeeper\Framework\Http\Response;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Framework\View\PageFrame;
use Shopkeeper\Framework\View\PageTags;

/** An HTML page: a template within the frame of the area. Public pages go to the full page cache. */
class Page implements ResultInterface
{
    private string $template = '';
    private array $variables = [];
    private array $page = ['title' => '', 'description' => '', 'bodyClass' => '', 'breadcrumbs' => [], 'robots' => 'index,follow', 'canonical' => null];
    private int $status = 200;
    private bool $public = false;

    public function __construct(
        private readonly PageFrame $frame,
        private readonly PageTags $tags,
        private readonly ScopeConfigInterface $config,
    ) {
    }

    public function content(string $template, array $variables = []): self
    {
        $this->template = $template;
        $this->variables = $variables;
        return $this;
    }

    public function title(string $title): self
    {
        return $this->set('title', $title);
    }

    public function set(string $name, mixed $value): self
    {
        $this->page[$name] = $value;
        return $this;
    }

    public function status(int $status): self
    {
        $this->status = $status;
        return $this;
    }

    /** The same for every visitor, and good until one of the tagged things changes. */
    public function public(string ...$tags): self
    {
        $this->public = true;
        $this->tags->add(...$tags);
        return $this;
    }

    public function render(Response $response): void
    {
        $response->status = $this->status;
        $response->body = $this->frame->render($this->page, $this->template, $this->variables);
        $response->header('Content-Type', 'text/html; charset=utf-8');
        $response->header('X-Frame-Options', 'SAMEORIGIN');
        $response->header('X-Content-Type-Options', 'nosniff');
        if ($this->public) {
            $response->header('Cache-Control', 'public, max-age=0, s-maxage=' . (int)($this->config->get('system/full_page_cache/ttl') ?? 86400));
            $response->header(PageCache::TAGS_HEADER, implode(',', $this->tags->all()));
        } else {
            $response->header('Cache-Control', 'max-age=0, must-revalidate, no-cache, no-store');
        }
    }
}
