<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

use Shopkeeper\Framework\Http\Result\PageFactory;

/** What every area shows for an address nobody knows. */
class NotFoundPage
{
    public function __construct(
        private readonly PageFactory $pages,
        private readonly string $template = 'Shopkeeper_Theme::not-found.phtml',
    ) {
    }

    public function response(): Response
    {
        $response = new Response();
        $this->pages->create()
            ->content($this->template)
            ->title(__('Page not found'))
            ->set('robots', 'noindex')
            ->status(404)
            ->render($response);
        return $response;
    }
}
