<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\View;

use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Http\FormKey;
use Shopkeeper\Framework\Locale\Format;
use Shopkeeper\Framework\Static\Assets;
use Shopkeeper\Framework\Url\UrlInterface;

/** What a template may ask for. */
class View
{
    public function __construct(
        private readonly TemplateEngine $engine,
        private readonly Containers $containers,
        private readonly UrlInterface $url,
        private readonly Assets $assets,
        private readonly Format $format,
        private readonly FormKey $formKey,
        private readonly ScopeConfigInterface $config,
        private readonly PageTags $tags,
    ) {
    }

    public function escape(string|int|float|null $text): string
    {
        return htmlspecialchars((string)$text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
    }

    /** Texts of the shop's own editors may hold simple markup and nothing that runs. */
    public function rich(?string $html): string
    {
        $html = strip_tags((string)$html, '<p><br><strong><em><b><i><ul><ol><li><h2><h3><a><blockquote><img><figure><figcaption>');
        return preg_replace(['/\son\w+\s*=\s*("[^"]*"|\'[^\']*\'|[^\s>]+)/i', '/(href|src)\s*=\s*(["\']?)\s*javascript:/i'], ['', '$1=$2#'], $html);
    }

    public function part(string $template, array $variables = []): string
    {
        return $this->engine->render($this, $template, $variables);
    }

    /** Everything modules put into a named place of the page. */
    public function container(string $name, array $variables = []): string
    {
        $html = '';
        foreach ($this->containers->blocks($name) as $block) {
            $data = $block['data'] === null ? [] : $block['data']->data($variables);
            $html .= $this->part($block['template'], $data + $variables);
        }
        return $html;
    }

    public function url(string $path = '', array $query = []): string
    {
        return $this->url->get($path, $query);
    }

    /** The address of a path of the shop, from wherever this is. */
    public function shop(string $path = ''): string
    {
        return $this->url->base() . $path;
    }

    public function asset(string $file): string
    {
        return $this->assets->url($file);
    }

    public function media(string $file): string
    {
        return $this->url->media($file);
    }

    public function price(float|string $amount): string
    {
        return $this->format->price((float)$amount);
    }

    public function date(string $utc, bool $withTime = false): string
    {
        return $this->format->date($utc, $withTime);
    }

    public function formKey(): string
    {
        return $this->formKey->field();
    }

    public function config(string $path): string
    {
        return (string)$this->config->get($path);
    }

    public function language(): string
    {
        return substr((string)$this->config->get('general/locale/code'), 0, 2);
    }

    /** Says that the page shows this thing, so that it leaves the page cache when the thing changes. */
    public function tag(string ...$tags): void
    {
        $this->tags->add(...$tags);
    }
}
