<?php

declare(strict_types=1);

namespace Shopkeeper\Sales\Controller\Adminhtml\Order;

use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Result\PageFactory;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Sales\Model\OrderRepository;

class Index implements ActionInterface
{
    private const PER_PAGE = 20;

    public function __construct(
        private readonly Request $request,
        private readonly OrderRepository $orders,
        private readonly PageFactory $pages,
    ) {
    }

    public function execute(): ResultInterface
    {
        $filters = ['search' => $this->request->text('search'), 'status' => $this->request->text('status')];
        $page = max(1, (int)$this->request->query('p', 1));
        $found = $this->orders->page($filters, $page, self::PER_PAGE);
        return $this->pages->create()
            ->content('Shopkeeper_Sales::orders.phtml', [
                'rows' => $found['rows'],
                'total' => $found['total'],
                'filters' => $filters,
                'page' => $page,
                'pages' => (int)ceil($found['total'] / self::PER_PAGE),
            ])
            ->title(__('Orders'));
    }
}
