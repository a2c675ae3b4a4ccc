<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup;

use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Module\ModuleList;
use Shopkeeper\Framework\Setup\Patch\PatchApplier;
use Shopkeeper\Framework\Setup\Schema\Diff;

/** Says in what the database is behind the code. Reads only. */
class DbStatus
{
    public function __construct(
        private readonly Connection $connection,
        private readonly ModuleList $modules,
        private readonly Diff $diff,
        private readonly PatchApplier $patches,
        private readonly ModuleVersions $versions,
    ) {
    }

    /** @return string[] one message per reason, none when everything is up to date */
    public function reasons(): array
    {
        if (!$this->hasTable('patch_list') || !$this->hasTable('setup_module')) {
            return ['Declarative Schema is not up to date'];
        }
        $reasons = [];
        foreach ($this->modules->unknown() as $module) {
            $reasons[] = sprintf('The module %s is not in app/etc/config.php yet', $module);
        }
        if ($this->diff->statements() !== []) {
            $reasons[] = 'Declarative Schema is not up to date';
        }
        foreach (['Schema', 'Data'] as $kind) {
            if ($this->patches->pending($kind) !== []) {
                $reasons[] = $kind . ' patches are not up to date';
            }
        }
        if ($this->versions->differences() !== []) {
            $reasons[] = 'The versions of these modules differ: ' . implode(', ', array_unique(array_column($this->versions->differences(), 'module')));
        }
        return $reasons;
    }

    private function hasTable(string $table): bool
    {
        return (bool)$this->connection->fetchOne(
            'SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?',
            [$this->connection->table($table)]
        );
    }
}
