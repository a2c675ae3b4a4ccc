<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup;

use RuntimeException;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Lock\LockManager;
use Shopkeeper\Framework\Module\ModuleList;
use Shopkeeper\Framework\Setup\Patch\PatchApplier;
use Shopkeeper\Framework\Setup\Schema\Diff;

/**
 * Brings the schema and the data of all enabled modules to the code's state. Every step is taken once or
 * repeatable, so that a killed run is finished by the next one.
 */
class DatabaseUpdater
{
    private const LOCK = 'setup';
    private const LOCK_WAIT = 600;

    /** @param array<string, RecurringInterface> $recurring */
    public function __construct(
        private readonly Connection $connection,
        private readonly ModuleList $modules,
        private readonly Diff $diff,
        private readonly PatchApplier $patches,
        private readonly ModuleVersions $versions,
        private readonly LockManager $locks,
        private readonly array $recurring = [],
    ) {
    }

    public function schema(Output $output, ?Progress $progress = null): void
    {
        $output->writeln('Schema creation/updates:');
        foreach ($this->diff->statements() as ['table' => $table, 'sql' => $sql]) {
            if ($output->verbosity > 0) {
                $output->writeln('  ' . $table);
            }
            $this->connection->raw($sql);
        }
        $this->perModule('Schema', $output, $progress);
    }

    public function data(Output $output, ?Progress $progress = null): void
    {
        $output->writeln('Data install/update:');
        $this->perModule('Data', $output, $progress);
        foreach ($this->recurring as $work) {
            $work->run();
        }
    }

    /** Only one process may change the schema; another one waits for it. */
    public function exclusive(callable $work): mixed
    {
        if (!$this->locks->lock(self::LOCK, self::LOCK_WAIT)) {
            throw new RuntimeException('Another setup command works on this database. Wait for its end and run the command again.');
        }
        try {
            return $work();
        } finally {
            $this->locks->unlock(self::LOCK);
        }
    }

    private function perModule(string $kind, Output $output, ?Progress $progress): void
    {
        $pending = $this->patches->pending($kind);
        // A patch may depend on one of a later module, so patches go in their own order first.
        foreach ($pending as $classes) {
            foreach ($classes as $class) {
                $this->patches->apply($kind, $class);
            }
        }
        $current = $this->versions->all();
        foreach ($this->modules->enabled() as $module) {
            $output->writeln(sprintf("Module '%s':", $module->name));
            if ($module->version !== '' && ($current[$module->name][strtolower($kind)] ?? '') !== $module->version) {
                $this->versions->set($module->name, strtolower($kind), $module->version);
            }
            $progress?->advance();
        }
    }
}
