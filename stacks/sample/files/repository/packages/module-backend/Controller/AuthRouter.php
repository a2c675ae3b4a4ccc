<?php

declare(strict_types=1);

namespace Shopkeeper\Backend\Controller;

use Shopkeeper\Backend\Controller\Adminhtml\Auth\LoginFactory;
use Shopkeeper\Backend\Model\Auth;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Response;
use Shopkeeper\Framework\Http\RouterInterface;

/** Shows the sign-in page for every address, as long as nobody is signed in. */
class AuthRouter implements RouterInterface
{
    public function __construct(
        private readonly Auth $auth,
        private readonly LoginFactory $login,
    ) {
    }

    public function match(Request $request): ActionInterface|Response|null
    {
        return $this->auth->user() === null ? $this->login->create() : null;
    }
}
