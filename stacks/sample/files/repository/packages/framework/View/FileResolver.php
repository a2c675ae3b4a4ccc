<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\View;

use RuntimeException;
use Shopkeeper\Framework\Module\ModuleRegistry;

/** Finds "Vendor_Module::file": in the theme's directory of that name first, then in the module. */
class FileResolver
{
    public function __construct(
        private readonly ModuleRegistry $modules,
        private readonly Theme $theme,
    ) {
    }

    public function template(string $id): string
    {
        return $this->find($id, 'templates')
            ?? throw new RuntimeException(sprintf('No template %s in the theme %s or in its module.', $id, $this->theme->id()));
    }

    private function find(string $id, string $kind): ?string
    {
        [$module, $file] = explode('::', $id, 2);
        $candidates = [$this->theme->path() . '/' . $module . '/' . $kind . '/' . $file];
        $path = $this->modules->all()[$module]->path ?? null;
        if ($path !== null) {
            $candidates[] = $path . '/view/' . $this->theme->area() . '/' . $kind . '/' . $file;
            $candidates[] = $path . '/view/base/' . $kind . '/' . $file;
        }
        foreach ($candidates as $candidate) {
            if (is_file($candidate)) {
                return $candidate;
            }
        }
        return null;
    }
}
