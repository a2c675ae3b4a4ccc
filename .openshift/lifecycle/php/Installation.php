<?php

declare(strict_types=1);

namespace Shop;

/** How far the installation in the database is. */
enum Installation: string
{
    /** Not one table. */
    case Nothing = 'empty';
    /** Tables that no installation of this shop makes. */
    case Foreign = 'foreign';
    /** Begun and not ended. */
    case Unfinished = 'unfinished';
    /** All there, while env.php does not know: an imported database, or a lost env.php. */
    case Unrecorded = 'unrecorded';
    case Installed = 'installed';

    public static function in(Database $database): self
    {
        $tables = $database->tables();
        return match (true) {
            $tables === [] => self::Nothing,
            // The installer makes this table before all others.
            !in_array('setup_module', $tables, true) => self::Foreign,
            !$database->holds('setup_module') => self::Unfinished,
            self::isRecorded() => self::Installed,
            // The admin user is the last thing it writes there.
            $database->holds('admin_user') => self::Unrecorded,
            default => self::Unfinished,
        };
    }

    /** Magento itself takes this date as the sign of an installation that ended. */
    private static function isRecorded(): bool
    {
        try {
            return isset(EnvFile::read()['install']['date']);
        } catch (BrokenEnv) {
            return false;
        }
    }
}
