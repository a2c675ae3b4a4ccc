<?php

declare(strict_types=1);

namespace Shopkeeper\Backend\Model;

use Shopkeeper\Framework\Http\Request;
use Shopkeeper\Framework\Session\Messages;
use Shopkeeper\Framework\View\BlockDataInterface;

/** What the frame of every back office page shows. */
class Frame implements BlockDataInterface
{
    public function __construct(
        private readonly Auth $auth,
        private readonly Menu $menu,
        private readonly Messages $messages,
        private readonly Request $request,
    ) {
    }

    public function data(array $context): array
    {
        return [
            'user' => $this->auth->user(),
            'menu' => $this->menu->entries(),
            'messages' => $this->messages->take(),
            'here' => implode('/', array_slice(explode('/', $this->request->path()), 1, 2)),
        ];
    }
}
