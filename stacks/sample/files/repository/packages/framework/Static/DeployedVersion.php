<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Static;

use RuntimeException;
use Shopkeeper\Framework\App\Paths;
use Shopkeeper\Framework\Filesystem\AtomicFile;

/** The number in the addresses of static files; a new one makes browsers fetch everything again. */
class DeployedVersion
{
    private ?string $version = null;

    public function __construct(private readonly Paths $paths)
    {
    }

    public function get(): string
    {
        if ($this->version === null) {
            $version = trim((string)@file_get_contents($this->file()));
            $this->version = $version !== '' ? $version : $this->create();
        }
        return $this->version;
    }

    public function set(string $version): void
    {
        AtomicFile::write($this->file(), $version);
        $this->version = $version;
    }

    private function create(): string
    {
        $version = (string)time();
        try {
            $this->set($version);
        } catch (RuntimeException) {
            // Nothing was deployed and nothing may be written: any constant serves, as files carry no version.
            return '1';
        }
        return $version;
    }

    private function file(): string
    {
        return $this->paths->static('deployed_version.txt');
    }
}
