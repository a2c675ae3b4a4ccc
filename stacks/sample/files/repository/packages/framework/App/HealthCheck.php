<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\App;

use Shopkeeper\Framework\Cache\BackendPool;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Redis\ClientFactory;
use Throwable;

/** Asks what every page needs: the database, the caches and the session storage. */
class HealthCheck
{
    public function __construct(
        private readonly DeploymentConfig $config,
        private readonly Connection $connection,
        private readonly BackendPool $caches,
    ) {
    }

    /** @return array<string, ?string> part => its problem, null when it is well */
    public function report(): array
    {
        $report = [
            'database' => $this->problem(fn () => $this->connection->fetchOne('SELECT 1')),
            'cache' => $this->problem(fn () => $this->caches->get(BackendPool::DEFAULT)->check()),
            'page_cache' => $this->problem(fn () => $this->caches->get(BackendPool::PAGE)->check()),
        ];
        $save = (string)$this->config->get('session/save', 'files');
        if (in_array($save, ['redis', 'valkey'], true)) {
            $options = (array)$this->config->get('session/' . $save, []);
            $report['session'] = $this->problem(static fn () => ClientFactory::fromOptions($options)->command('PING'));
        }
        return $report;
    }

    private function problem(callable $check): ?string
    {
        try {
            $check();
            return null;
        } catch (Throwable $e) {
            return $e->getMessage();
        }
    }
}
