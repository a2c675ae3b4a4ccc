<?php

declare(strict_types=1);

namespace Shopkeeper\Catalog\Controller\Adminhtml\Product;

use Shopkeeper\Catalog\Model\ProductRepository;
use Shopkeeper\Catalog\Model\ProductWriter;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\NotFoundException;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Result\Redirect;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Framework\Session\Messages;
use Shopkeeper\Framework\Url\UrlInterface;

class Save implements ActionInterface
{
    public function __construct(
        private readonly Request $request,
        private readonly ProductRepository $products,
        private readonly ProductWriter $writer,
        private readonly Messages $messages,
        private readonly UrlInterface $url,
    ) {
    }

    public function execute(): ResultInterface
    {
        $product = $this->products->byId((int)$this->request->param('id'))
            ?? throw new NotFoundException('No such product.');
        $back = new Redirect($this->url->get('catalog/product/edit/id/' . $product->id));
        if (!$this->request->isPost()) {
            return $back;
        }
        $name = mb_substr($this->request->text('name'), 0, 255);
        $price = $this->number('price');
        $special = $this->request->text('special_price') === '' ? null : $this->number('special_price');
        $qty = $this->number('qty');
        if ($name === '' || $price === null || $qty === null || ($this->request->text('special_price') !== '' && $special === null)) {
            $this->messages->error(__('A product needs a name, and prices and quantities are numbers of zero or more.'));
            return $back;
        }
        $this->writer->save($product->id, [
            'name' => $name,
            'short_description' => $this->request->text('short_description'),
            'description' => $this->request->text('description'),
            'price' => $price,
            'special_price' => $special,
            'status' => $this->request->text('status') === '1' ? 1 : 0,
        ], $qty);
        $this->messages->success(__('The product was saved.'));
        return $back;
    }

    private function number(string $name): ?float
    {
        $text = str_replace(',', '.', $this->request->text($name));
        return is_numeric($text) && (float)$text >= 0 ? (float)$text : null;
    }
}
