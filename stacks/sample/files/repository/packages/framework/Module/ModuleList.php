<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Module;

use Shopkeeper\Framework\App\DeploymentConfig;

/** Enabled modules, as config.php lists them. */
class ModuleList
{
    public function __construct(
        private readonly ModuleRegistry $registry,
        private readonly DeploymentConfig $config,
    ) {
    }

    /** @return array<string, Module> */
    public function enabled(): array
    {
        $flags = $this->config->get('modules');
        if (!is_array($flags)) {
            // Before the first install nothing is decided yet, and the commands of all modules are offered.
            return $this->registry->all();
        }
        return array_filter($this->registry->all(), static fn (Module $module) => !empty($flags[$module->name]));
    }

    public function isConfigured(): bool
    {
        return is_array($this->config->get('modules'));
    }

    public function isEnabled(string $name): bool
    {
        return isset($this->enabled()[$name]);
    }

    /** @return string[] names of modules whose code is here but which config.php does not mention */
    public function unknown(): array
    {
        $flags = (array)$this->config->get('modules', []);
        return array_values(array_diff(array_keys($this->registry->all()), array_keys($flags)));
    }
}
