<?php

declare(strict_types=1);

namespace Shopkeeper\Store\Controller;

use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Http\ActionInterface;
use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Http\Response;
use Shopkeeper\Framework\Http\RouterInterface;
use Shopkeeper\Framework\Url\UrlInterface;
use Shopkeeper\Store\Model\StoreManager;

/**
 * Turns a readable address into the path of its controller. It never answers itself, except with a redirect.
 * What a store has no address of its own for, it shares with the default store.
 */
class UrlRewriteRouter implements RouterInterface
{
    public function __construct(
        private readonly Connection $connection,
        private readonly StoreManager $stores,
        private readonly UrlInterface $url,
    ) {
    }

    public function match(Request $request): ActionInterface|Response|null
    {
        $row = $request->path() === '' ? null : $this->connection->fetchRow(
            "SELECT target_path, redirect_type FROM {$this->connection->table('url_rewrite')}
             WHERE request_path = ? AND store_id IN (?, ?) ORDER BY store_id = ? DESC LIMIT 1",
            [$request->path(), $this->stores->current()->id, $this->stores->default()->id, $this->stores->current()->id]
        );
        if ($row === null) {
            return null;
        }
        if ((int)$row['redirect_type'] !== 0) {
            return new Response('', (int)$row['redirect_type'], ['Location' => $this->url->get($row['target_path'])]);
        }
        $request->setPath($row['target_path']);
        return null;
    }
}
