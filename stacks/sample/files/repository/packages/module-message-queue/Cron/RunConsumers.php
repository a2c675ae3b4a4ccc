<?php

declare(strict_types=1);

namespace Shopkeeper\MessageQueue\Cron;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\App\Paths;
use Shopkeeper\MessageQueue\Model\ConsumerConfig;

/** Starts every consumer in the background, where nobody else does: cron_consumers_runner/cron_run says so. */
class RunConsumers
{
    private const MAX_MESSAGES = 10000;

    public function __construct(
        private readonly DeploymentConfig $config,
        private readonly ConsumerConfig $consumers,
        private readonly Paths $paths,
    ) {
    }

    public function execute(): void
    {
        if (!$this->config->get('cron_consumers_runner/cron_run', true)) {
            return;
        }
        $allowed = (array)$this->config->get('cron_consumers_runner/consumers', []);
        $max = (int)$this->config->get('cron_consumers_runner/max_messages', self::MAX_MESSAGES);
        foreach (array_keys($this->consumers->consumers()) as $name) {
            if ($allowed === [] || in_array($name, $allowed, true)) {
                exec(sprintf(
                    '%s %s queue:consumers:start %s --single-thread --max-messages=%d > /dev/null 2>&1 &',
                    escapeshellarg(PHP_BINARY),
                    escapeshellarg($this->paths->root . '/bin/magento'),
                    escapeshellarg($name),
                    $max
                ));
            }
        }
    }
}
