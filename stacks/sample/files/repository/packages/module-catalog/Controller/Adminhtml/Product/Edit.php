<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Controller\Adminhtml\Product;

use Shopkeeper\Catalog\Model\ProductRepository;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\NotFoundException;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Result\PageFactory;
use Shopkeeper\Framework\Http\ResultInterface;

class Edit implements ActionInterface
{
    public function __construct(
        private readonly Request $request,
        private readonly ProductRepository $products,
        private readonly PageFactory $pages,
    ) {
    }

    public function execute(): ResultInterface
    {
        $product = $this->products->byId((int)$this->request->param('id'))
            ?? throw new NotFoundException('No such product.');
        return $this->pages->create()
            ->content('Shopkeeper_Catalog::product-edit.phtml', ['product' => $product])
            ->title($product->name());
    }
}
