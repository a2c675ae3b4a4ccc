<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup;

use RuntimeException;
use Shopkeeper\Framework\App\Paths;
use Shopkeeper\Framework\Filesystem\Directory;

/** What the machine has to offer. */
class Environment
{
    private const EXTENSIONS = ['ctype', 'curl', 'dom', 'json', 'mbstring', 'pdo_mysql', 'simplexml', 'sodium', 'zlib'];

    public function __construct(private readonly Paths $paths)
    {
    }

    public function checkWritable(): void
    {
        $problems = [];
        foreach ([$this->paths->etc(), $this->paths->var(), $this->paths->generated(), $this->paths->static(), $this->paths->media()] as $directory) {
            try {
                Directory::ensure($directory);
                if (!is_writable($directory)) {
                    $problems[] = $directory;
                }
            } catch (RuntimeException) {
                $problems[] = $directory;
            }
        }
        if ($problems !== []) {
            throw new RuntimeException(sprintf(
                "Missing write permissions to the following paths (user %s, groups %s):\n%s",
                function_exists('posix_geteuid') ? posix_geteuid() : get_current_user(),
                function_exists('posix_getgroups') ? implode(',', posix_getgroups()) : '?',
                implode("\n", $problems)
            ));
        }
    }

    public function checkExtensions(): void
    {
        $missing = array_filter(self::EXTENSIONS, static fn (string $name) => !extension_loaded($name));
        if ($missing !== []) {
            throw new RuntimeException('Missing following extensions: ' . implode(', ', $missing));
        }
    }
}
