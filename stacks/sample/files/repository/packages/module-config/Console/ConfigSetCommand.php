<?php

declare(strict_types=1);

namespace Shopkeeper\Config\Console;

use InvalidArgumentException;
use Shopkeeper\Config\Model\ConfigWriter;
use Shopkeeper\Config\Model\EncryptedPaths;
use Shopkeeper\Config\Model\Scope;
use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\App\DeploymentConfig\Writer;
use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Config\ConfigImporter;
use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Store\Model\ScopeConfig;

class ConfigSetCommand extends Command
{
    public function __construct(
        private readonly DeploymentConfig $deployment,
        private readonly Writer $files,
        private readonly ConfigWriter $database,
        private readonly ScopeConfig $config,
        private readonly ConfigImporter $importer,
        private readonly EncryptedPaths $encrypted,
        private readonly Scope $scope,
        private readonly Cache $cache,
    ) {
    }

    public function signature(): Signature
    {
        return (new Signature('config:set', 'Change system configuration'))
            ->argument('path', 'Configuration path in format section/group/field_name', true)
            ->argument('value', 'Configuration value', true)
            ->option('scope', 'Configuration scope (default, website, or store)', ScopeConfigInterface::DEFAULT)
            ->option('scope-code', "Scope code (required only if scope is not 'default')")
            ->flag('lock-env', 'Lock value which prevents modification in the Admin (will be saved in app/etc/env.php)', 'e')
            ->flag('lock-config', 'Lock and share value with other installations (will be saved in app/etc/config.php)', 'c')
            ->flag('lock', 'Deprecated, use the --lock-env option instead.', 'l');
    }

    public function run(Input $input, Output $output): int
    {
        if (!$this->deployment->isAvailable()) {
            $output->writeln('<error>You cannot run this command because the Magento application is not installed.</error>');
            return self::FAILURE;
        }
        if ($this->importer->hasChanges('system')) {
            $output->writeln('<error>This command is unavailable right now. To continue working with it please run app:config:import or setup:upgrade command before.</error>');
            return self::FAILURE;
        }
        try {
            $output->writeln('<info>' . $this->save($input) . '</info>');
            return self::SUCCESS;
        } catch (InvalidArgumentException $e) {
            $output->writeln('<error>' . $e->getMessage() . '</error>');
            return self::FAILURE;
        }
    }

    private function save(Input $input): string
    {
        $path = (string)$input->argument('path');
        if (!preg_match('~^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+){2,}$~', $path)) {
            throw new InvalidArgumentException(sprintf('The "%s" path doesn\'t exist. Verify and try again.', $path));
        }
        [$scope, $code, $scopeId] = $this->scope->of($input);
        $value = $this->encrypted->protect($path, (string)$input->argument('value'));
        $file = match (true) {
            (bool)$input->option('lock-config') => DeploymentConfig::CONFIG,
            $input->option('lock-env') || $input->option('lock') => DeploymentConfig::ENV,
            default => null,
        };
        if ($file !== null) {
            $this->files->saveValues($file, ['system/' . $scope . ($code === null ? '' : '/' . $code) . '/' . $path => $value]);
            $this->importer->accept('system');
            $message = sprintf('Value was saved in app/etc/%s and locked.', $file);
        } elseif ($this->config->isLocked($path, $scope, $code)) {
            throw new InvalidArgumentException('The value you set has already been locked. To change the value, use the --lock-env option.');
        } else {
            $this->database->save($path, $value, $scope, $scopeId);
            $message = 'Value was saved.';
        }
        $this->cache->cleanTypes([Cache::CONFIG]);
        return $message;
    }
}
