<?php

declare(strict_types=1);

namespace Shopkeeper\Backend\Controller\Adminhtml\Dashboard;

use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Result\PageFactory;
use Shopkeeper\Framework\Http\ResultInterface;

class Index implements ActionInterface
{
    public function __construct(private readonly PageFactory $pages)
    {
    }

    public function execute(): ResultInterface
    {
        return $this->pages->create()->content('Shopkeeper_Backend::dashboard.phtml')->title(__('Dashboard'));
    }
}
