<?php

declare(strict_types=1);

namespace Shopkeeper\Checkout\Controller\Onepage;

use Shopkeeper\Checkout\Controller\Index\Index;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Result\PageFactory;
use Shopkeeper\Framework\Http\Result\Redirect;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Framework\Session\Session;
use Shopkeeper\Framework\Url\UrlInterface;
use Shopkeeper\Sales\Model\OrderLink;
use Shopkeeper\Sales\Model\OrderRepository;

class Success implements ActionInterface
{
    public function __construct(
        private readonly Session $session,
        private readonly OrderRepository $orders,
        private readonly OrderLink $link,
        private readonly PageFactory $pages,
        private readonly UrlInterface $url,
    ) {
    }

    public function execute(): ResultInterface
    {
        $order = $this->orders->byId((int)$this->session->get(Index::LAST_ORDER, 0));
        if ($order === null) {
            return new Redirect($this->url->get('checkout/cart'));
        }
        return $this->pages->create()
            ->content('Shopkeeper_Checkout::success.phtml', ['order' => $order, 'link' => $this->link->url($order)])
            ->title(__('Thank you for your order'))
            ->set('robots', 'noindex')
            ->set('bodyClass', 'checkout-onepage-success');
    }
}
