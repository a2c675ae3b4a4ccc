<?php

declare(strict_types=1);

namespace Shopkeeper\Cron\Model;

use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Lock\LockManager;
use Shopkeeper\Framework\Log\Logger;
use Shopkeeper\Framework\ObjectManager\ObjectManager;
use Throwable;

/** Plans jobs into cron_schedule and runs those that are due. One process per group at a time. */
class Runner
{
    private const AHEAD_MINUTES = 20;
    private const TOO_LATE_MINUTES = 15;
    private const KEEP_HOURS = ['success' => 1, 'missed' => 24, 'error' => 24 * 7];
    private const DEAD_AFTER_HOURS = 24;

    public function __construct(
        private readonly JobList $jobs,
        private readonly Connection $connection,
        private readonly LockManager $locks,
        private readonly ObjectManager $objectManager,
        private readonly Logger $logger,
    ) {
    }

    /** @param string[] $excluded groups */
    public function run(?string $onlyGroup, array $excluded): void
    {
        foreach ($this->jobs->byGroup() as $group => $jobs) {
            if (($onlyGroup !== null && $group !== $onlyGroup) || in_array($group, $excluded, true)) {
                continue;
            }
            if (!$this->locks->lock('cron_' . $group)) {
                continue;
            }
            try {
                $this->cleanUp();
                $this->plan($jobs);
                $this->runDue($jobs);
            } finally {
                $this->locks->unlock('cron_' . $group);
            }
        }
    }

    private function cleanUp(): void
    {
        $table = $this->connection->table('cron_schedule');
        foreach (self::KEEP_HOURS as $status => $hours) {
            $this->connection->query("DELETE FROM $table WHERE status = ? AND created_at < UTC_TIMESTAMP() - INTERVAL ? HOUR", [$status, $hours]);
        }
        $this->connection->query(
            "UPDATE $table SET status = 'error', messages = 'The process ended without a word.'
             WHERE status = 'running' AND executed_at < UTC_TIMESTAMP() - INTERVAL ? HOUR",
            [self::DEAD_AFTER_HOURS]
        );
    }

    /** @param array<string, Job> $jobs */
    private function plan(array $jobs): void
    {
        $rows = [];
        $minute = intdiv(time(), 60) * 60;
        foreach ($jobs as $job) {
            $expression = new Expression($job->schedule);
            for ($time = $minute; $time < $minute + self::AHEAD_MINUTES * 60; $time += 60) {
                if ($expression->matches($time)) {
                    $rows[] = ['job_code' => $job->code, 'scheduled_at' => gmdate('Y-m-d H:i:s', $time)];
                }
            }
        }
        if ($rows !== []) {
            $this->connection->insertMultiple('cron_schedule', $rows, ignore: true);
        }
    }

    /** @param array<string, Job> $jobs */
    private function runDue(array $jobs): void
    {
        $table = $this->connection->table('cron_schedule');
        $rows = $this->connection->fetchAll(
            "SELECT schedule_id, job_code, scheduled_at FROM $table
             WHERE status = 'pending' AND scheduled_at <= UTC_TIMESTAMP() AND job_code IN {$this->connection->in(array_keys($jobs))}
             ORDER BY scheduled_at, schedule_id",
            array_keys($jobs)
        );
        $done = [];
        foreach ($rows as $row) {
            $late = strtotime($row['scheduled_at'] . ' UTC') < time() - self::TOO_LATE_MINUTES * 60;
            // After a pause one run catches up for all that were due.
            if ($late || isset($done[$row['job_code']])) {
                $this->finish((int)$row['schedule_id'], 'missed', $late ? 'Too late for the schedule.' : 'Another run of this moment did the work.');
                continue;
            }
            $done[$row['job_code']] = true;
            $this->execute($jobs[$row['job_code']], (int)$row['schedule_id']);
        }
    }

    private function execute(Job $job, int $id): void
    {
        $this->connection->update('cron_schedule', ['status' => 'running', 'executed_at' => gmdate('Y-m-d H:i:s')], ['schedule_id' => $id]);
        try {
            $this->objectManager->get($job->class)->{$job->method}();
            $this->finish($id, 'success');
        } catch (Throwable $e) {
            $this->logger->exception($e);
            $this->finish($id, 'error', $e->getMessage());
        }
    }

    private function finish(int $id, string $status, ?string $message = null): void
    {
        $this->connection->update('cron_schedule', [
            'status' => $status,
            'messages' => $message,
            'finished_at' => gmdate('Y-m-d H:i:s'),
        ], ['schedule_id' => $id]);
    }
}
