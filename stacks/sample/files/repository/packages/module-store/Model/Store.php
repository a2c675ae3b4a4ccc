<?php

declare(strict_types=1);

namespace Shopkeeper\Store\Model;

final class Store
{
    public const ADMIN_ID = 0;

    public function __construct(
        public readonly int $id,
        public readonly string $code,
        public readonly string $name,
        public readonly int $websiteId,
        public readonly string $websiteCode,
        public readonly int $groupId,
        public readonly int $rootCategoryId,
        public readonly bool $active,
    ) {
    }
}
