<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Translate;

use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Module\ModuleList;
use Shopkeeper\Framework\View\Theme;

/** Texts from i18n/LOCALE.csv of modules and then of the theme. */
class Dictionary
{
    public function __construct(
        private readonly ModuleList $modules,
        private readonly Theme $theme,
        private readonly Cache $cache,
        private readonly ScopeConfigInterface $config,
    ) {
    }

    /** @return array<string, string> of the current store's language */
    public function texts(): array
    {
        $locale = (string)$this->config->get('general/locale/code');
        return $this->cache->remember(Cache::TRANSLATE, $locale . '_' . $this->theme->id(), function () use ($locale): array {
            $directories = array_map(static fn ($module) => $module->path, $this->modules->enabled());
            $texts = [];
            foreach ([...array_values($directories), $this->theme->path()] as $directory) {
                $texts = array_replace($texts, $this->file($directory . '/i18n/' . $locale . '.csv'));
            }
            return $texts;
        });
    }

    private function file(string $path): array
    {
        $texts = [];
        $handle = is_file($path) ? fopen($path, 'r') : false;
        while ($handle && ($row = fgetcsv($handle, null, ',', '"', '')) !== false) {
            if (isset($row[1])) {
                $texts[$row[0]] = $row[1];
            }
        }
        return $texts;
    }
}
