<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

use Shopkeeper\Framework\Http\Result\PageFactory;

/** One page cannot be made because a service is away; the rest of the shop goes on, so its frame stays. */
class UnavailablePage
{
    public function __construct(private readonly PageFactory $pages)
    {
    }

    public function response(ServiceUnavailableException $e): Response
    {
        $response = new Response();
        $this->pages->create()
            ->content('Shopkeeper_Theme::unavailable.phtml', ['service' => $e->service, 'reason' => $e->getMessage()])
            ->title(__('Not available right now'))
            ->set('robots', 'noindex')
            ->status(503)
            ->render($response);
        return $response->header('Retry-After', '30');
    }
}
