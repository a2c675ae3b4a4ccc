<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Event;

use Shopkeeper\Framework\Config\XmlFiles;
use Shopkeeper\Framework\ObjectManager\ObjectManager;

/** Tells the observers of etc/events.xml what happened. */
class EventManager
{
    /** @var array<string, string[]>|null */
    private ?array $observers = null;

    public function __construct(
        private readonly XmlFiles $files,
        private readonly ObjectManager $objectManager,
    ) {
    }

    public function dispatch(string $event, array $data): void
    {
        foreach ($this->observers()[$event] ?? [] as $class) {
            /** @var ObserverInterface $observer */
            $observer = $this->objectManager->get($class);
            $observer->execute($data);
        }
    }

    private function observers(): array
    {
        if ($this->observers === null) {
            $this->observers = [];
            foreach ($this->files->load('events.xml') as $xml) {
                foreach ($xml->event as $event) {
                    foreach ($event->observer as $observer) {
                        $this->observers[(string)$event['name']][(string)$observer['name']] = (string)$observer['instance'];
                    }
                }
            }
        }
        return $this->observers;
    }
}
