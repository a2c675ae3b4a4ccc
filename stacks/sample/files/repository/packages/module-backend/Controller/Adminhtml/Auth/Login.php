<?php

declare(strict_types=1);

namespace Shopkeeper\Backend\Controller\Adminhtml\Auth;

use Shopkeeper\Backend\Model\Auth;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Result\PageFactory;
use Shopkeeper\Framework\Http\Result\Redirect;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Framework\Url\UrlInterface;

class Login implements ActionInterface
{
    public function __construct(
        private readonly Request $request,
        private readonly Auth $auth,
        private readonly PageFactory $pages,
        private readonly UrlInterface $url,
    ) {
    }

    public function execute(): ResultInterface
    {
        $login = (array)$this->request->post('login', []);
        $username = (string)($login['username'] ?? '');
        $error = null;
        if ($this->request->isPost() && $username !== '') {
            if ($this->auth->login($username, (string)($login['password'] ?? ''))) {
                return new Redirect($this->url->get('admin/dashboard'));
            }
            $error = __('The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.');
        }
        return $this->pages->create()
            ->content('Shopkeeper_Backend::login.phtml', ['error' => $error, 'username' => $username])
            ->title(__('Sign in'))
            ->set('robots', 'noindex')
            ->set('bodyClass', 'login');
    }
}
