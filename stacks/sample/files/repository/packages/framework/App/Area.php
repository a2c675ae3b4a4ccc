<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\App;

/** The part of the application that runs now; configuration of an area overrides the global one. */
final class Area
{
    public const GLOBAL = 'global';
    public const FRONTEND = 'frontend';
    public const ADMIN = 'adminhtml';
    public const REST = 'webapi_rest';

    public function __construct(public readonly string $code = self::GLOBAL)
    {
    }
}
