<?php

declare(strict_types=1);

namespace Shopkeeper\MessageQueue\Model;

use Shopkeeper\Framework\App\DeploymentConfig;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Log\Logger;
use Shopkeeper\Framework\ObjectManager\ObjectManager;
use Throwable;

/**
 * Takes messages from one queue. A message, what its handler changes and its status are one transaction,
 * so that a killed consumer leaves the message as if it had never been touched.
 */
class Consumer
{
    private const MAX_TRIALS = 3;
    private const IDLE_SECONDS = 1;

    private bool $stopping = false;

    public function __construct(
        private readonly Connection $connection,
        private readonly DeploymentConfig $config,
        private readonly ObjectManager $objectManager,
        private readonly Logger $logger,
        private readonly string $queue,
        private readonly string $class,
        private readonly string $method,
    ) {
    }

    /** @return int number of messages that were taken */
    public function run(?int $maxMessages): int
    {
        $this->stopOnSignal();
        $wait = (bool)$this->config->get('queue/consumers_wait_for_messages', 1);
        $taken = 0;
        while (!$this->stopping && ($maxMessages === null || $taken < $maxMessages)) {
            if ($this->takeOne()) {
                $taken++;
            } elseif ($wait) {
                sleep(self::IDLE_SECONDS);
            } else {
                break;
            }
        }
        return $taken;
    }

    private function takeOne(): bool
    {
        $failed = null;
        try {
            return $this->connection->transaction(function () use (&$failed): bool {
                $row = $this->next();
                if ($row === null) {
                    return false;
                }
                $failed = $row;
                $this->objectManager->get($this->class)->{$this->method}(json_decode($row['body'], true, 512, JSON_THROW_ON_ERROR));
                $this->connection->update('queue_message_status', ['status' => Status::COMPLETE], ['id' => $row['id']]);
                return true;
            });
        } catch (Throwable $e) {
            if ($failed === null) {
                throw $e;
            }
            $this->logger->exception($e);
            $trials = (int)$failed['number_of_trials'] + 1;
            $this->connection->update('queue_message_status', [
                'status' => $trials >= self::MAX_TRIALS ? Status::ERROR : Status::RETRY_REQUIRED,
                'number_of_trials' => $trials,
            ], ['id' => $failed['id']]);
            return true;
        }
    }

    /** Other consumers of this queue pass over the row while it is locked. */
    private function next(): ?array
    {
        $row = $this->connection->fetchRow(
            "SELECT id, number_of_trials, message_id FROM {$this->connection->table('queue_message_status')}
             WHERE queue_id = (SELECT id FROM {$this->connection->table('queue')} WHERE name = ?) AND status IN (?, ?)
             ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
            [$this->queue, Status::NEW, Status::RETRY_REQUIRED]
        );
        return $row === null ? null : $row + [
            'body' => $this->connection->fetchOne(
                "SELECT body FROM {$this->connection->table('queue_message')} WHERE id = ?",
                [$row['message_id']]
            ),
        ];
    }

    private function stopOnSignal(): void
    {
        if (function_exists('pcntl_async_signals')) {
            pcntl_async_signals(true);
            foreach ([SIGTERM, SIGINT] as $signal) {
                pcntl_signal($signal, function (): void {
                    $this->stopping = true;
                });
            }
        }
    }
}
