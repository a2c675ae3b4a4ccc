<?php

declare(strict_types=1);

namespace Shopkeeper\Config\Model;

use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Db\Connection;

/** Writes core_config_data. Whoever writes cleans the caches afterwards. */
class ConfigWriter
{
    public function __construct(private readonly Connection $connection)
    {
    }

    public function save(string $path, ?string $value, string $scope = ScopeConfigInterface::DEFAULT, int $scopeId = 0): void
    {
        $this->connection->insertOnDuplicate(
            'core_config_data',
            ['scope' => $scope, 'scope_id' => $scopeId, 'path' => $path, 'value' => $value],
            ['value']
        );
    }

    public function delete(string $path, string $scope = ScopeConfigInterface::DEFAULT, int $scopeId = 0): void
    {
        $this->connection->delete('core_config_data', ['scope' => $scope, 'scope_id' => $scopeId, 'path' => $path]);
    }
}
