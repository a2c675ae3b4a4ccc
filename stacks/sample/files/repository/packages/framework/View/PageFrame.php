<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\View;

/** What stands around the content: di.xml of an area names the template. */
class PageFrame
{
    public function __construct(
        private readonly View $view,
        private readonly string $template = 'Shopkeeper_Theme::page.phtml',
    ) {
    }

    /** @param array<string, mixed> $page */
    public function render(array $page, string $contentTemplate, array $variables): string
    {
        // The content first: it may tell what the head has to say.
        $content = $this->view->part($contentTemplate, $variables);
        return $this->view->part($this->template, $page + ['content' => $content]);
    }
}
