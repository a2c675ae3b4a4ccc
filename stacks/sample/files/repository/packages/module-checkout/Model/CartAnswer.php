<?php

declare(strict_types=1);

namespace Shopkeeper\Checkout\Model;

use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Result\Json;
use Shopkeeper\Framework\Http\Result\Redirect;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Framework\Session\Messages;
use Shopkeeper\Framework\Url\UrlInterface;

/** Answers a change of the cart: to a script with data, to a plain form with a page. */
class CartAnswer
{
    public function __construct(
        private readonly Request $request,
        private readonly CartSection $section,
        private readonly Messages $messages,
        private readonly UrlInterface $url,
    ) {
    }

    public function success(string $text): ResultInterface
    {
        if ($this->request->wantsJson()) {
            return new Json(['success' => true, 'message' => $text, 'cart' => $this->section->data()]);
        }
        $this->messages->success($text);
        return new Redirect($this->url->get('checkout/cart'));
    }

    public function failure(string $text): ResultInterface
    {
        if ($this->request->wantsJson()) {
            return new Json(['success' => false, 'message' => $text]);
        }
        $this->messages->error($text);
        return new Redirect($this->url->get('checkout/cart'));
    }
}
