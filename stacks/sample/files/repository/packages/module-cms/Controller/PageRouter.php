<?php

declare(strict_types=1);

namespace Shopkeeper\Cms\Controller;

use Shopkeeper\Cms\Controller\Page\ViewFactory;
use Shopkeeper\Cms\Model\PageRepository;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Response;
use Shopkeeper\Framework\Http\RouterInterface;

/** Addresses that are the identifier of a page. */
class PageRouter implements RouterInterface
{
    public function __construct(
        private readonly PageRepository $pages,
        private readonly ViewFactory $views,
    ) {
    }

    public function match(Request $request): ActionInterface|Response|null
    {
        $page = $request->path() === '' ? null : $this->pages->byIdentifier($request->path());
        return $page === null ? null : $this->views->create(['page' => $page]);
    }
}
