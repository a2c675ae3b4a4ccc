<?php

declare(strict_types=1);

namespace Shopkeeper\SampleData\Model;

use Shopkeeper\Framework\App\Paths;
use Shopkeeper\Framework\Component\ComponentRegistrar;
use Shopkeeper\Framework\Filesystem\AtomicFile;
use Shopkeeper\Framework\Filesystem\Directory;

/** Copies the pictures to pub/media. */
class MediaInstaller
{
    public function __construct(private readonly Paths $paths)
    {
    }

    public function install(): void
    {
        $source = ComponentRegistrar::path(ComponentRegistrar::MODULE, 'Shopkeeper_SampleData') . '/media';
        foreach (Directory::files($source) as $file => $path) {
            if (!is_file($this->paths->media($file))) {
                AtomicFile::write($this->paths->media($file), (string)file_get_contents($path));
            }
        }
    }
}
