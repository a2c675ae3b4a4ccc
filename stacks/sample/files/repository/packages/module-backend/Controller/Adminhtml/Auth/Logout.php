<?php

declare(strict_types=1);

namespace Shopkeeper\Backend\Controller\Adminhtml\Auth;

use Shopkeeper\Backend\Model\Auth;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Result\Redirect;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Framework\Url\UrlInterface;

class Logout implements ActionInterface
{
    public function __construct(
        private readonly Request $request,
        private readonly Auth $auth,
        private readonly UrlInterface $url,
    ) {
    }

    public function execute(): ResultInterface
    {
        if ($this->request->isPost()) {
            $this->auth->logout();
        }
        return new Redirect($this->url->get());
    }
}
