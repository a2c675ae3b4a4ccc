<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Controller\Category;

use Shopkeeper\Catalog\Model\CategoryRepository;
use Shopkeeper\Catalog\Model\Listing\CategorySourceFactory;
use Shopkeeper\Catalog\Model\Listing\ListingBuilder;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\NotFoundException;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Result\PageFactory;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Framework\Url\UrlInterface;

class View implements ActionInterface
{
    public function __construct(
        private readonly Request $request,
        private readonly CategoryRepository $categories,
        private readonly CategorySourceFactory $sources,
        private readonly ListingBuilder $listings,
        private readonly PageFactory $pages,
        private readonly UrlInterface $url,
    ) {
    }

    public function execute(): ResultInterface
    {
        $category = $this->categories->byId((int)$this->request->param('id'));
        if ($category === null || !$category->active) {
            throw new NotFoundException('No such category.');
        }
        $listing = $this->listings->build($this->sources->create(['categoryId' => $category->id]));
        $page = $this->pages->create()
            ->content('Shopkeeper_Catalog::category.phtml', ['category' => $category, 'listing' => $listing])
            ->title($category->name)
            ->set('description', mb_strimwidth(strip_tags($category->description), 0, 155, '…'))
            ->set('bodyClass', 'catalog-category-view')
            ->set('breadcrumbs', [[__('Home'), ''], [$category->name, null]])
            ->set('canonical', $this->url->get($category->path()))
            ->public($category->tag(), 'cat_p', 'cat_c');
        if ($listing->queries !== []) {
            $page->set('robots', 'noindex,follow');
        }
        return $page;
    }
}
