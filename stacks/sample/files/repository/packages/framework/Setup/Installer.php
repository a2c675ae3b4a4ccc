<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\App\DeploymentConfig\Writer;
use Shopkeeper\Framework\App\MaintenanceMode;
use Shopkeeper\Framework\Cache\BackendPool;
use Shopkeeper\Framework\Cache\Cache;
use Shopkeeper\Framework\Cache\CacheTypes;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Module\ModuleRegistry;

/**
 * The work of setup:install. env.php carries install/date only after the last step. The final steps come when the
 * shop is open again: who sees their results, such as the admin user, may take the installation for ended.
 */
class Installer
{
    private const ENV_DEFAULTS = [
        'db/connection/default/model' => 'mysql4',
        'db/connection/default/engine' => 'innodb',
        'db/connection/default/initStatements' => 'SET NAMES utf8;',
        'db/connection/default/active' => '1',
        'db/table_prefix' => '',
        'resource/default_setup/connection' => 'default',
        'remote_storage/driver' => 'file',
        'queue/consumers_wait_for_messages' => 1,
        'x-frame-options' => 'SAMEORIGIN',
        'MAGE_MODE' => 'default',
        'session/save' => 'files',
        'lock/provider' => 'db',
        'directories/document_root_is_pub' => true,
    ];

    /**
     * @param array<string, InstallStepInterface> $stepsBeforeData
     * @param array<string, InstallStepInterface> $stepsAfterData
     * @param array<string, InstallStepInterface> $finalSteps
     */
    public function __construct(
        private readonly Environment $environment,
        private readonly ConfigOptions $options,
        private readonly DeploymentConfig $config,
        private readonly Writer $writer,
        private readonly ModuleRegistry $registry,
        private readonly ModulesConfig $modulesConfig,
        private readonly MaintenanceMode $maintenance,
        private readonly Connection $connection,
        private readonly DatabaseUpdater $database,
        private readonly DatabaseCleaner $cleaner,
        private readonly CacheTypes $cacheTypes,
        private readonly Cache $cache,
        private readonly BackendPool $cacheBackends,
        private readonly array $stepsBeforeData = [],
        private readonly array $stepsAfterData = [],
        private readonly array $finalSteps = [],
    ) {
    }

    public function declare(Signature $signature): void
    {
        $this->options->declare($signature);
        foreach ($this->steps() as $step) {
            $step->declare($signature);
        }
        $signature->flag('cleanup-database', 'Cleanup the database before installation')
            ->flag('use-sample-data', 'Use sample data')
            ->optional('enable-modules', 'List of comma-separated module names to be included, or "all"')
            ->optional('disable-modules', 'List of comma-separated module names to be left out, or "all"')
            ->optional('convert-old-scripts', 'Accepted for compatibility: there are no old scripts')
            ->optional('safe-mode', 'Accepted for compatibility: the installer drops no columns by itself')
            ->optional('data-restore', 'Accepted for compatibility')
            ->option('magento-init-params', 'Accepted for compatibility');
    }

    /** @return string[] */
    public function validate(Input $input): array
    {
        $errors = $this->options->validate($input);
        foreach ($this->steps() as $step) {
            array_push($errors, ...$step->validate($input));
        }
        foreach (['enable-modules', 'disable-modules'] as $name) {
            foreach ($this->moduleNames($input->option($name)) as $module) {
                if (!$this->registry->has($module)) {
                    $errors[] = sprintf('Unknown module(s): %s (--%s)', $module, $name);
                }
            }
        }
        return $errors;
    }

    public function install(Input $input, Output $output): void
    {
        $progress = new Progress($output, 12 + count($this->steps()) + 2 * count($this->registry->all()));
        $step = static function (string $title, callable $work) use ($output, $progress): void {
            $output->writeln($title);
            $work();
            $progress->advance();
        };

        $output->writeln('Starting Magento installation:');
        $step('File permissions check...', fn () => $this->environment->checkWritable());
        $step('Required extensions check...', fn () => $this->environment->checkExtensions());
        $step('Enabling Maintenance Mode...', fn () => $this->maintenance->set(true));
        $step('Installing deployment configuration...', fn () => $this->deploymentConfig($input));
        $this->database->exclusive(function () use ($input, $output, $progress, $step): void {
            if ($input->option('cleanup-database')) {
                $step('Cleaning up database...', fn () => $this->cleaner->clean());
            }
            $step('Installing database schema:', fn () => $this->database->schema($output, $progress));
            foreach ($this->stepsBeforeData as $extra) {
                $step($extra->title(), fn () => $extra->run($input));
            }
            $step('Enabling caches:', fn () => $this->cacheTypes->setEnabled(array_keys($this->cacheTypes->all()), true));
            $step('Installing data...', fn () => $this->database->data($output, $progress));
            foreach ($this->stepsAfterData as $extra) {
                $step($extra->title(), fn () => $extra->run($input));
            }
        });
        $step('Caches clearing:', fn () => $this->cache->flush(array_keys($this->cacheTypes->all())));
        $step('Disabling Maintenance Mode:', fn () => $this->maintenance->set(false));
        $step('Post installation file permissions check...', fn () => $this->environment->checkWritable());
        foreach ($this->finalSteps as $extra) {
            $step($extra->title(), fn () => $extra->run($input));
        }
        $step('Write installation date...', fn () => $this->writer->saveValues(DeploymentConfig::ENV, ['install/date' => date('r')]));
        $output->writeln('<info>[SUCCESS]: Magento installation complete.</info>');
        $output->writeln('<info>[SUCCESS]: Magento Admin URI: /' . $this->config->get('backend/frontName') . '</info>');
    }

    private function deploymentConfig(Input $input): void
    {
        $values = $this->options->values($input);
        foreach (self::ENV_DEFAULTS as $path => $value) {
            if ($this->config->get($path) === null) {
                $values += [$path => $value];
            }
        }
        if (!$this->config->get('backend/frontName')) {
            $values += ['backend/frontName' => 'admin_' . substr(bin2hex(random_bytes(8)), 0, 7)];
        }
        if (!$this->config->get('crypt/key')) {
            $values += ['crypt/key' => bin2hex(random_bytes(16))];
        }
        if (!$this->config->get('cache/graphql/id_salt')) {
            $values += ['cache/graphql/id_salt' => bin2hex(random_bytes(16))];
        }
        // The prefix keeps two installations on one Redis apart.
        $prefix = substr(hash('sha256', BP), 0, 3) . '_';
        foreach ([BackendPool::DEFAULT, BackendPool::PAGE] as $frontend) {
            if ($this->config->get("cache/frontend/$frontend/id_prefix") === null) {
                $values += ["cache/frontend/$frontend/id_prefix" => $prefix];
            }
        }
        $this->writer->saveValues(DeploymentConfig::ENV, $values);
        $this->modulesConfig->refresh($this->wantedModules($input));
        $this->connection->close();
        $this->cacheBackends->reset();
        if (!$input->option('skip-db-validation')) {
            $this->connection->fetchOne('SELECT 1');
        }
        foreach ([BackendPool::DEFAULT, BackendPool::PAGE] as $frontend) {
            $this->cacheBackends->get($frontend)->check();
        }
    }

    /** @return array<string, int> */
    private function wantedModules(Input $input): array
    {
        return array_fill_keys($this->moduleNames($input->option('enable-modules')), 1)
            + array_fill_keys($this->moduleNames($input->option('disable-modules')), 0);
    }

    /** @return string[] */
    private function moduleNames(mixed $list): array
    {
        if ($list === 'all') {
            return array_keys($this->registry->all());
        }
        return array_values(array_filter(array_map('trim', explode(',', (string)$list))));
    }

    /** @return InstallStepInterface[] */
    private function steps(): array
    {
        return array_merge(array_values($this->stepsBeforeData), array_values($this->stepsAfterData), array_values($this->finalSteps));
    }
}
