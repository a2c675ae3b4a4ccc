<?php

declare(strict_types=1);

namespace Shopkeeper\Cms\Controller\Index;

use Shopkeeper\Cms\Model\PageRepository;
use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\NotFoundException;
use Shopkeeper\Framework\Http\Result\PageFactory;
use Shopkeeper\Framework\Http\ResultInterface;

/** The home page: the page that web/default/cms_home_page names, and what modules put below it. */
class Index implements ActionInterface
{
    public function __construct(
        private readonly PageFactory $pages,
        private readonly PageRepository $repository,
        private readonly ScopeConfigInterface $config,
    ) {
    }

    public function execute(): ResultInterface
    {
        $identifier = (string)$this->config->get('web/default/cms_home_page');
        $page = $this->repository->byIdentifier($identifier)
            ?? throw new NotFoundException(sprintf('There is no page "%s" for the home page.', $identifier));
        return $this->pages->create()
            ->content('Shopkeeper_Cms::home.phtml', ['page' => $page])
            ->title($page->title)
            ->set('description', $page->description)
            ->set('bodyClass', 'home')
            ->public($page->tag());
    }
}
