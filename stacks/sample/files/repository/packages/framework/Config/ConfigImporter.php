<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Config;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\Cache\Cache;

/**
 * Notices that the sections "scopes", "themes" and "system" of the deployment files changed since they were last
 * taken over. Until app:config:import or setup:upgrade ran, pages refuse to work with them.
 */
class ConfigImporter
{
    private const FLAG = 'config_hash';
    private const SECTIONS = ['scopes', 'themes', 'system'];

    /** @param array<string, ConfigSectionImporterInterface> $importers section => who takes it over */
    public function __construct(
        private readonly DeploymentConfig $config,
        private readonly Flags $flags,
        private readonly Cache $cache,
        private readonly array $importers = [],
    ) {
    }

    public function hasChanges(?string $section = null): bool
    {
        return $this->changed($section === null ? self::SECTIONS : [$section]) !== [];
    }

    /** @return string[] lines for the console */
    public function import(): array
    {
        $changed = $this->changed(self::SECTIONS);
        if ($changed === []) {
            return ['<info>Nothing to import.</info>'];
        }
        $lines = ['<info>Processing configurations data from configuration file...</info>'];
        foreach ($changed as $section) {
            if (isset($this->importers[$section])) {
                array_push($lines, ...$this->importers[$section]->import((array)$this->config->get($section, [])));
            }
        }
        $this->accept(...$changed);
        $this->cache->cleanTypes([Cache::CONFIG, Cache::FULL_PAGE, Cache::BLOCK_HTML]);
        if (in_array('system', $changed, true)) {
            $lines[] = 'System config was processed';
        }
        return $lines;
    }

    /** Remembers the sections as they are now. */
    public function accept(string ...$sections): void
    {
        $hashes = (array)json_decode((string)$this->flags->get(self::FLAG), true);
        foreach ($sections as $section) {
            $hashes[$section] = $this->hash($section);
        }
        $this->flags->set(self::FLAG, json_encode($hashes));
    }

    /**
     * @param string[] $sections
     * @return string[]
     */
    private function changed(array $sections): array
    {
        $hashes = (array)json_decode((string)$this->flags->get(self::FLAG), true);
        return array_values(array_filter($sections, fn (string $section) => ($hashes[$section] ?? null) !== $this->hash($section)));
    }

    private function hash(string $section): ?string
    {
        $data = (array)$this->config->get($section, []);
        return $data === [] ? null : sha1(json_encode($data));
    }
}
