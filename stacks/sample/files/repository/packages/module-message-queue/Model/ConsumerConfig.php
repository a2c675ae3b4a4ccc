<?php

declare(strict_types=1);

namespace Shopkeeper\MessageQueue\Model;

use RuntimeException;
use Shopkeeper\Framework\Config\XmlFiles;

/** Consumers (etc/queue_consumer.xml) and which topic goes to which queues (etc/queue_topology.xml). */
class ConsumerConfig
{
    public function __construct(private readonly XmlFiles $files)
    {
    }

    /** @return array<string, array{queue: string, class: string, method: string}> */
    public function consumers(): array
    {
        $consumers = [];
        foreach ($this->files->load('queue_consumer.xml') as $xml) {
            foreach ($xml->consumer as $node) {
                [$class, $method] = explode('::', (string)$node['handler']);
                $consumers[(string)$node['name']] = ['queue' => (string)$node['queue'], 'class' => $class, 'method' => $method];
            }
        }
        return $consumers;
    }

    /** @return string[] */
    public function queuesOf(string $topic): array
    {
        $queues = [];
        foreach ($this->files->load('queue_topology.xml') as $xml) {
            foreach ($xml->exchange as $exchange) {
                foreach ($exchange->binding as $binding) {
                    if ((string)$binding['topic'] === $topic) {
                        $queues[] = (string)$binding['destination'];
                    }
                }
            }
        }
        return $queues !== [] ? array_values(array_unique($queues)) : throw new RuntimeException(sprintf('No queue is bound to the topic "%s".', $topic));
    }
}
