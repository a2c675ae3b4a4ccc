<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Media;

use Shopkeeper\Framework\Module\ModuleList;

/** Media that enabled modules bring along in their directory "media". */
class MediaSources
{
    public function __construct(private readonly ModuleList $modules)
    {
    }

    public function find(string $file): ?string
    {
        foreach ($this->modules->enabled() as $module) {
            $path = $module->path . '/media/' . $file;
            if (is_file($path)) {
                return $path;
            }
        }
        return null;
    }
}
