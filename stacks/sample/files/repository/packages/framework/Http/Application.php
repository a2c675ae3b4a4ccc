<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

use Shopkeeper\Framework\App\Area;
use Shopkeeper\Framework\App\Bootstrap;
use Shopkeeper\Framework\App\MaintenanceMode;
use Shopkeeper\Framework\Cache\BackendPool;
use Shopkeeper\Framework\Config\ConfigImporter;
use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Log\Logger;
use Shopkeeper\Framework\Setup\ModuleVersions;
use Throwable;

/** The program behind pub/index.php. */
final class Application
{
    private const EXTERNAL_CACHE = 2;

    private readonly Request $request;
    private readonly FormKey $formKey;

    public function __construct(private readonly Bootstrap $bootstrap)
    {
        $this->request = Request::fromGlobals();
        $this->formKey = new FormKey();
    }

    public function run(): void
    {
        $errors = new ErrorPages($this->bootstrap->paths(), $this->bootstrap->mode());
        try {
            $response = $this->answer($errors);
        } catch (Throwable $e) {
            $response = $errors->failure($e, new Logger($this->bootstrap->paths()));
        }
        $this->formKey->fill($this->request, $response);
        $response->send($this->request->method() !== 'HEAD');
    }

    private function answer(ErrorPages $errors): Response
    {
        $maintenance = new MaintenanceMode($this->bootstrap->paths());
        if ($maintenance->isOn($this->request->clientIp())) {
            return $errors->maintenance();
        }
        if (!$this->bootstrap->deploymentConfig()->isAvailable()) {
            return $errors->notInstalled();
        }
        $backends = new BackendPool($this->bootstrap->deploymentConfig(), $this->bootstrap->paths());
        $pageCache = new PageCache($this->bootstrap->deploymentConfig(), $backends);
        $area = $this->area();
        if ($area === Area::FRONTEND) {
            $found = $pageCache->load($this->request);
            if ($found !== null) {
                return $found;
            }
        }
        $objectManager = $this->bootstrap->objectManager($area);
        $objectManager->share(Request::class, $this->request);
        $objectManager->share(FormKey::class, $this->formKey);
        $objectManager->share(BackendPool::class, $backends);
        if (!$this->bootstrap->deploymentConfig()->get('deployment/blue_green/enabled')) {
            $problem = $this->problem($objectManager->get(ModuleVersions::class), $objectManager->get(ConfigImporter::class));
            if ($problem !== null) {
                return $errors->message(500, $problem);
            }
        }
        try {
            $response = $objectManager->get(FrontController::class)->dispatch($this->request);
        } catch (NotFoundException) {
            $response = $objectManager->get(NotFoundPage::class)->response();
        } catch (ServiceUnavailableException $e) {
            $objectManager->get(Logger::class)->exception($e);
            $response = $objectManager->get(UnavailablePage::class)->response($e);
        }
        if ($area === Area::FRONTEND && !$this->isCachedOutside($objectManager->get(ScopeConfigInterface::class))) {
            $pageCache->save($this->request, $response);
        }
        return $response;
    }

    /** Varnish, or the like, keeps the pages instead of us. */
    private function isCachedOutside(ScopeConfigInterface $config): bool
    {
        return (int)$config->get('system/full_page_cache/caching_application') === self::EXTERNAL_CACHE;
    }

    private function area(): string
    {
        $first = explode('/', $this->request->path(), 2)[0];
        return match ($first) {
            (string)$this->bootstrap->deploymentConfig()->get('backend/frontName') => Area::ADMIN,
            'rest' => Area::REST,
            default => Area::FRONTEND,
        };
    }

    /** Code that does not fit the database must not touch it. */
    private function problem(ModuleVersions $versions, ConfigImporter $importer): ?string
    {
        $differences = $versions->differences();
        if ($differences !== []) {
            $lines = array_map(static fn (array $d) => sprintf(
                '%s %s: current version - %s, required version - %s',
                $d['module'],
                $d['kind'],
                $d['current'],
                $d['required']
            ), $differences);
            return "Please upgrade your database: Run \"bin/magento setup:upgrade\" from the Magento root directory.\n"
                . "The following modules are outdated:\n" . implode("\n", $lines);
        }
        return $importer->hasChanges()
            ? 'The configuration file has changed. Run the "app:config:import" or the "setup:upgrade" command to synchronize the configuration.'
            : null;
    }
}
