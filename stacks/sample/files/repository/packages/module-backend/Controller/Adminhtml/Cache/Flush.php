<?php

declare(strict_types=1);

namespace Shopkeeper\Backend\Controller\Adminhtml\Cache;

use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Cache\CacheTypes;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Result\Redirect;
use Shopkeeper\Framework\Http\ResultInterface;
use Shopkeeper\Framework\Session\Messages;
use Shopkeeper\Framework\Url\UrlInterface;

class Flush implements ActionInterface
{
    public function __construct(
        private readonly Request $request,
        private readonly Cache $cache,
        private readonly CacheTypes $types,
        private readonly Messages $messages,
        private readonly UrlInterface $url,
    ) {
    }

    public function execute(): ResultInterface
    {
        if ($this->request->isPost()) {
            $this->cache->flush(array_keys($this->types->all()));
            $this->messages->success(__('The caches are empty.'));
        }
        return new Redirect($this->url->get('admin/cache'));
    }
}
