<?php

declare(strict_types=1);

namespace Shopkeeper\Checkout\Controller\Index;

use Shopkeeper\Checkout\Model\CartException;
use Shopkeeper\Checkout\Model\CartRepository;
use Shopkeeper\Checkout\Model\CheckoutForm;
use Shopkeeper\Checkout\Model\OrderPlacer;
use Shopkeeper\Checkout\Model\Payment;
use Shopkeeper\Checkout\Model\Shipping;
use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Result\PageFactory;
use Shopkeeper\Framework\Http\Result\Redirect;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Framework\Session\Messages;
use Shopkeeper\Framework\Session\Session;
use Shopkeeper\Framework\Url\UrlInterface;

/** Address, delivery and payment on one page. */
class Index implements ActionInterface
{
    public const LAST_ORDER = 'last_order_id';

    public function __construct(
        private readonly Request $request,
        private readonly CartRepository $carts,
        private readonly OrderPlacer $placer,
        private readonly Shipping $shipping,
        private readonly Payment $payment,
        private readonly Session $session,
        private readonly Messages $messages,
        private readonly PageFactory $pages,
        private readonly UrlInterface $url,
        private readonly ScopeConfigInterface $config,
    ) {
    }

    public function execute(): ResultInterface
    {
        $cart = $this->carts->current();
        if ($cart->isEmpty()) {
            return new Redirect($this->url->get('checkout/cart'));
        }
        $shipping = $this->shipping->methods($cart);
        $payment = $this->payment->methods();
        $errors = [];
        if ($this->request->isPost()) {
            $form = CheckoutForm::from($this->request);
            $errors = $form->errors($shipping, $payment);
            if ($errors === []) {
                try {
                    $this->session->set(self::LAST_ORDER, $this->placer->place($cart, $form)->id);
                    return new Redirect($this->url->get('checkout/onepage/success'));
                } catch (CartException $e) {
                    $this->messages->error($e->getMessage());
                    return new Redirect($this->url->get('checkout/cart'));
                }
            }
        } else {
            $form = CheckoutForm::empty([
                'country_id' => (string)$this->config->get('general/country/default'),
                'shipping_method' => (string)array_key_first($shipping),
                'payment_method' => (string)array_key_first($payment),
            ]);
        }
        return $this->pages->create()
            ->content('Shopkeeper_Checkout::checkout.phtml', [
                'cart' => $cart,
                'form' => $form->values,
                'errors' => $errors,
                'shipping' => $shipping,
                'payment' => $payment,
            ])
            ->title(__('Checkout'))
            ->status($errors === [] ? 200 : 422)
            ->set('robots', 'noindex')
            ->set('bodyClass', 'checkout-index-index');
    }
}
