<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Session;

/** Short messages for the next page. */
class Messages
{
    private const KEY = 'messages';

    public function __construct(private readonly Session $session)
    {
    }

    public function success(string $text): void
    {
        $this->add('success', $text);
    }

    public function error(string $text): void
    {
        $this->add('error', $text);
    }

    /** @return array<int, array{type: string, text: string}> */
    public function take(): array
    {
        return $this->session->take(self::KEY, []);
    }

    private function add(string $type, string $text): void
    {
        $this->session->set(self::KEY, [...$this->session->get(self::KEY, []), ['type' => $type, 'text' => $text]]);
    }
}
