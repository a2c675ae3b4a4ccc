<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Controller\Product;

use Shopkeeper\Catalog\Model\CategoryRepository;
use Shopkeeper\Catalog\Model\ProductDetails;
use Shopkeeper\Catalog\Model\ProductRepository;
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
        private readonly ProductRepository $products,
        private readonly ProductDetails $details,
        private readonly CategoryRepository $categories,
        private readonly PageFactory $pages,
        private readonly UrlInterface $url,
    ) {
    }

    public function execute(): ResultInterface
    {
        $product = $this->products->byId((int)$this->request->param('id'));
        if ($product === null || !$product->isShown()) {
            throw new NotFoundException('No such product.');
        }
        $category = $this->categories->byId((int)$this->details->categoryId($product));
        $breadcrumbs = [[__('Home'), '']];
        if ($category !== null) {
            $breadcrumbs[] = [$category->name, $category->path()];
        }
        $breadcrumbs[] = [$product->name(), null];
        return $this->pages->create()
            ->content('Shopkeeper_Catalog::product.phtml', [
                'product' => $product,
                'facts' => $this->details->facts($product),
                'related' => $this->details->related($product),
            ])
            ->title($product->name())
            ->set('description', strip_tags((string)$product->value('short_description')))
            ->set('bodyClass', 'catalog-product-view')
            ->set('breadcrumbs', $breadcrumbs)
            ->set('canonical', $this->url->get($product->path()))
            ->public($product->tag(), 'cat_p');
    }
}
