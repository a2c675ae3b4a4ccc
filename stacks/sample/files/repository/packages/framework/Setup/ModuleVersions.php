<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup;

use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Module\ModuleList;

/** The table setup_module: which version of each module the database was brought to. */
class ModuleVersions
{
    public function __construct(
        private readonly Connection $connection,
        private readonly ModuleList $modules,
    ) {
    }

    /** @return array<string, array{schema: string, data: string}> */
    public function all(): array
    {
        $rows = $this->connection->fetchAll('SELECT * FROM ' . $this->connection->table('setup_module'));
        $versions = [];
        foreach ($rows as $row) {
            $versions[$row['module']] = ['schema' => (string)$row['schema_version'], 'data' => (string)$row['data_version']];
        }
        return $versions;
    }

    public function set(string $module, string $kind, string $version): void
    {
        $this->connection->insertOnDuplicate('setup_module', ['module' => $module, $kind . '_version' => $version]);
    }

    /** @return array<int, array{module: string, kind: string, current: string, required: string}> */
    public function differences(): array
    {
        $current = $this->all();
        $differences = [];
        foreach ($this->modules->enabled() as $module) {
            foreach (['schema', 'data'] as $kind) {
                $version = $current[$module->name][$kind] ?? '';
                if ($module->version !== '' && $version !== $module->version) {
                    $differences[] = [
                        'module' => $module->name,
                        'kind' => $kind,
                        'current' => $version === '' ? 'none' : $version,
                        'required' => $module->version,
                    ];
                }
            }
        }
        return $differences;
    }
}
