<?php

declare(strict_types=1);

namespace Shopkeeper\Cms\Controller\Page;

use Shopkeeper\Cms\Model\Page;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Result\PageFactory;
use Shopkeeper\Framework\Http\ResultInterface;

class View implements ActionInterface
{
    public function __construct(
        private readonly PageFactory $pages,
        private readonly Page $page,
    ) {
    }

    public function execute(): ResultInterface
    {
        return $this->pages->create()
            ->content('Shopkeeper_Cms::page.phtml', ['page' => $this->page])
            ->title($this->page->title)
            ->set('description', $this->page->description)
            ->set('bodyClass', 'cms-page')
            ->set('breadcrumbs', [[__('Home'), ''], [$this->page->title, null]])
            ->public($this->page->tag());
    }
}
