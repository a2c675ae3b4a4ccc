<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Config;

interface ScopeConfigInterface
{
    public const DEFAULT = 'default';
    public const WEBSITE = 'websites';
    public const STORE = 'stores';

    /** A value as the scope sees it; without a scope, as the current store sees it. */
    public function get(string $path, ?string $scope = null, ?string $code = null): mixed;

    public function flag(string $path, ?string $scope = null, ?string $code = null): bool;
}
