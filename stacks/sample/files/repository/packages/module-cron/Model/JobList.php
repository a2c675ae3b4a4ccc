<?php

declare(strict_types=1);

namespace Shopkeeper\Cron\Model;

use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Config\XmlFiles;

/** Jobs of all modules (etc/crontab.xml). */
class JobList
{
    public function __construct(
        private readonly XmlFiles $files,
        private readonly ScopeConfigInterface $config,
    ) {
    }

    /** @return array<string, array<string, Job>> group => code => job */
    public function byGroup(): array
    {
        $groups = [];
        foreach ($this->files->load('crontab.xml') as $xml) {
            foreach ($xml->group as $group) {
                $id = (string)$group['id'];
                foreach ($group->job as $job) {
                    $schedule = isset($job->config_path)
                        ? (string)$this->config->get((string)$job->config_path, ScopeConfigInterface::DEFAULT)
                        : (string)$job->schedule;
                    if ($schedule !== '') {
                        $code = (string)$job['name'];
                        $groups[$id][$code] = new Job($code, $id, (string)$job['instance'], (string)$job['method'], $schedule);
                    }
                }
            }
        }
        return $groups;
    }
}
