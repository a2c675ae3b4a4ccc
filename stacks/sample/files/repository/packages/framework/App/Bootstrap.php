<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\App;

use Shopkeeper\Framework\Config\XmlFiles;
use Shopkeeper\Framework\Module\ModuleList;
use Shopkeeper\Framework\Module\ModuleRegistry;
use Shopkeeper\Framework\ObjectManager\CodeGenerator;
use Shopkeeper\Framework\ObjectManager\Config;
use Shopkeeper\Framework\ObjectManager\ConfigReader;
use Shopkeeper\Framework\ObjectManager\Definitions;
use Shopkeeper\Framework\ObjectManager\ObjectManager;
use Shopkeeper\Framework\ObjectManager\PluginChain;
use Shopkeeper\Framework\Translate\Dictionary;
use Shopkeeper\Framework\Translate\Translator;

/** Puts the first objects together by hand; everything later comes from the object manager. */
final class Bootstrap
{
    private readonly Paths $paths;
    private readonly DeploymentConfig $deploymentConfig;
    private readonly Mode $mode;
    private readonly ModuleRegistry $registry;
    private readonly ModuleList $modules;
    private ?ObjectManager $objectManager = null;

    public function __construct(string $root)
    {
        // Files of a container belong to a random user in group 0, so what is written is shared with the group.
        umask(0002);
        $this->paths = new Paths($root, is_array($_SERVER['MAGE_DIRS'] ?? null) ? $_SERVER['MAGE_DIRS'] : []);
        $this->deploymentConfig = new DeploymentConfig($this->paths);
        $this->mode = new Mode($this->deploymentConfig);
        $this->registry = new ModuleRegistry();
        $this->modules = new ModuleList($this->registry, $this->deploymentConfig);
        $generator = new CodeGenerator($this->paths, $this->mode->isDeveloper());
        // Composer knows generated classes too, even those that were cleared since, so the generator is asked first.
        spl_autoload_register($generator->autoload(...), true, true);
    }

    public function paths(): Paths
    {
        return $this->paths;
    }

    public function deploymentConfig(): DeploymentConfig
    {
        return $this->deploymentConfig;
    }

    public function mode(): Mode
    {
        return $this->mode;
    }

    public function objectManager(string $area = Area::GLOBAL): ObjectManager
    {
        $metadata = $this->metadata($area);
        $config = $metadata['config'] ?? (new ConfigReader(new XmlFiles($this->modules, $this->paths)))->read($area);
        if ($this->objectManager === null) {
            $this->objectManager = new ObjectManager($config, new Definitions($metadata['definitions'] ?? []), [
                self::class => $this,
                Paths::class => $this->paths,
                DeploymentConfig::class => $this->deploymentConfig,
                Mode::class => $this->mode,
                ModuleRegistry::class => $this->registry,
                ModuleList::class => $this->modules,
            ]);
        } else {
            $this->objectManager->configure($config);
        }
        $this->objectManager->share(Area::class, new Area($area));
        PluginChain::use($this->objectManager, $config);
        Translator::from(fn () => $this->deploymentConfig->isAvailable() ? $this->objectManager->get(Dictionary::class)->texts() : []);
        return $this->objectManager;
    }

    /**
     * In developer mode source changes count at once, so what was compiled is not looked at. Neither does the console:
     * what it compiled before an update must not keep it from compiling again.
     */
    private function metadata(string $area): array
    {
        $file = $this->paths->generated('metadata/' . $area . '.php');
        $definitions = $this->paths->generated('metadata/definitions.php');
        // The compiler writes the definitions last, so with them everything else is there too.
        if (PHP_SAPI === 'cli' || $this->mode->isDeveloper() || !is_file($definitions) || !is_file($file)) {
            return [];
        }
        return ['config' => new Config(...(include $file)['config']), 'definitions' => include $definitions];
    }
}
