<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\App\DeploymentConfig;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\App\Paths;
use Shopkeeper\Framework\Filesystem\AtomicFile;
use Shopkeeper\Framework\Filesystem\Directory;

/**
 * Merges values into config.php or env.php. What is there is evaluated, merged and written back as plain
 * values, so expressions such as getenv('X') become what they gave at that moment.
 */
class Writer
{
    public function __construct(
        private readonly Paths $paths,
        private readonly DeploymentConfig $config,
        private readonly PhpFormatter $formatter,
    ) {
    }

    public function save(string $file, array $values, bool $override = false): void
    {
        $this->locked(function () use ($file, $values, $override): void {
            $this->config->reset();
            $current = $this->config->file($file);
            $merged = $override ? array_merge($current, $values) : array_replace_recursive($current, $values);
            if ($merged !== $current || !is_file($this->paths->etc($file))) {
                // env.php holds passwords; the group is the one all containers of the shop are in.
                AtomicFile::write($this->paths->etc($file), $this->formatter->format($merged), $file === DeploymentConfig::ENV ? 0660 : 0666);
            }
        });
        $this->config->reset();
    }

    /** @param array<string, mixed> $values path => value */
    public function saveValues(string $file, array $values): void
    {
        $tree = [];
        foreach ($values as $path => $value) {
            $node = &$tree;
            foreach (explode('/', $path) as $key) {
                $node = &$node[$key];
            }
            $node = $value;
            unset($node);
        }
        $this->save($file, $tree);
    }

    /** Two commands that each read, change and write would otherwise lose one of the changes. */
    private function locked(callable $work): void
    {
        $lockFile = $this->paths->var('.deployment-config.lock');
        Directory::ensure(dirname($lockFile));
        $handle = @fopen($lockFile, 'c');
        if ($handle !== false) {
            flock($handle, LOCK_EX);
        }
        try {
            $work();
        } finally {
            if ($handle !== false) {
                fclose($handle);
            }
        }
    }
}
