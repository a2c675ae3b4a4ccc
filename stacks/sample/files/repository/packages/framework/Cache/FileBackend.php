<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Cache;

use RuntimeException;
use Shopkeeper\Framework\Filesystem\AtomicFile;
use Shopkeeper\Framework\Filesystem\Directory;

/** Used where env.php names no Redis. */
class FileBackend implements BackendInterface
{
    public function __construct(private readonly string $directory)
    {
    }

    public function load(string $id): ?string
    {
        $content = @file_get_contents($this->file($id));
        if ($content === false) {
            return null;
        }
        [$head, $data] = explode("\n", $content, 2);
        $until = (int)json_decode($head, true)['until'];
        return $until !== 0 && $until < time() ? null : $data;
    }

    public function save(string $data, string $id, array $tags = [], ?int $lifetime = null): void
    {
        $head = json_encode(['until' => $lifetime ? time() + $lifetime : 0, 'tags' => array_values($tags)]);
        AtomicFile::write($this->file($id), $head . "\n" . $data);
    }

    public function remove(string $id): void
    {
        @unlink($this->file($id));
    }

    public function clean(array $tags): void
    {
        foreach (Directory::files($this->directory) as $file) {
            $head = json_decode((string)strtok((string)@file_get_contents($file), "\n"), true);
            if (array_intersect($tags, $head['tags'] ?? []) !== []) {
                @unlink($file);
            }
        }
    }

    public function flush(): void
    {
        Directory::clear($this->directory);
    }

    public function check(): void
    {
        Directory::ensure($this->directory);
        if (!is_writable($this->directory)) {
            throw new RuntimeException(sprintf('The cache directory %s is not writable.', $this->directory));
        }
    }

    private function file(string $id): string
    {
        $hash = md5($id);
        return $this->directory . '/' . substr($hash, 0, 2) . '/' . $hash;
    }
}
