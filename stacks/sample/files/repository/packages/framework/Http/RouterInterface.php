<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

interface RouterInterface
{
    /** The action for this request, or an answer at once, or null when another router should look. */
    public function match(Request $request): ActionInterface|Response|null;
}
