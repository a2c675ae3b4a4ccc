<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

interface ActionInterface
{
    public function execute(): ResultInterface;
}
