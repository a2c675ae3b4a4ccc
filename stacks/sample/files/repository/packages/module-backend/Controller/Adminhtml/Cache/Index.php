<?php

declare(strict_types=1);

namespace Shopkeeper\Backend\Controller\Adminhtml\Cache;

use Shopkeeper\Framework\Cache\CacheTypes;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Result\PageFactory;
use Shopkeeper\Framework\Http\ResultInterface;

class Index implements ActionInterface
{
    public function __construct(
        private readonly CacheTypes $types,
        private readonly PageFactory $pages,
    ) {
    }

    public function execute(): ResultInterface
    {
        $rows = [];
        foreach ($this->types->all() as $code => $type) {
            $rows[$code] = ['label' => $type['label'], 'tag' => $type['tag'], 'enabled' => $this->types->isEnabled($code)];
        }
        return $this->pages->create()
            ->content('Shopkeeper_Backend::cache.phtml', ['types' => $rows])
            ->title(__('Cache'));
    }
}
