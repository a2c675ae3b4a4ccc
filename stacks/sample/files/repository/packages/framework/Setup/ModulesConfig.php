<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup;

use Shopkeeper\Framework\App\Bootstrap;
use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\App\DeploymentConfig\Writer;
use Shopkeeper\Framework\Module\ModuleRegistry;

/** Keeps the list of modules in config.php in step with the code. */
class ModulesConfig
{
    public function __construct(
        private readonly ModuleRegistry $registry,
        private readonly DeploymentConfig $config,
        private readonly Writer $writer,
        private readonly Bootstrap $bootstrap,
    ) {
    }

    /**
     * New modules are switched on, modules whose code went away are dropped from the list.
     *
     * @param array<string, int> $wanted
     */
    public function refresh(array $wanted = []): void
    {
        $known = (array)($this->config->file(DeploymentConfig::CONFIG)['modules'] ?? []);
        $modules = [];
        foreach (array_keys($this->registry->all()) as $name) {
            $modules[$name] = (int)($wanted[$name] ?? $known[$name] ?? 1);
        }
        $this->writer->save(DeploymentConfig::CONFIG, ['modules' => $modules], true);
        // From here on the di.xml of modules that were just switched on counts, and their patches may need it.
        $this->bootstrap->objectManager();
    }
}
