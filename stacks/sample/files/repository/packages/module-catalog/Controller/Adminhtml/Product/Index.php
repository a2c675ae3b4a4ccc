<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Controller\Adminhtml\Product;

use Shopkeeper\Catalog\Model\ProductGrid;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Result\PageFactory;
use Shopkeeper\Framework\Http\ResultInterface;

class Index implements ActionInterface
{
    private const PER_PAGE = 20;

    public function __construct(
        private readonly Request $request,
        private readonly ProductGrid $grid,
        private readonly PageFactory $pages,
    ) {
    }

    public function execute(): ResultInterface
    {
        $search = $this->request->text('search');
        $page = max(1, (int)$this->request->query('p', 1));
        $found = $this->grid->page($search, $page, self::PER_PAGE);
        return $this->pages->create()
            ->content('Shopkeeper_Catalog::products.phtml', [
                'products' => $found['products'],
                'total' => $found['total'],
                'search' => $search,
                'page' => $page,
                'pages' => (int)ceil($found['total'] / self::PER_PAGE),
            ])
            ->title(__('Products'));
    }
}
