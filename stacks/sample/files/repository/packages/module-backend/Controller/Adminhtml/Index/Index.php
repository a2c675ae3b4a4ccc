<?php

declare(strict_types=1);

namespace Shopkeeper\Backend\Controller\Adminhtml\Index;

use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Result\Redirect;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Framework\Url\UrlInterface;

class Index implements ActionInterface
{
    public function __construct(private readonly UrlInterface $url)
    {
    }

    public function execute(): ResultInterface
    {
        return new Redirect($this->url->get('admin/dashboard'));
    }
}
