<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

class Response
{
    /** @var array<string, string> */
    private array $headers = [];

    /** @var array<string, array{0: string, 1: array}> */
    private array $cookies = [];

    public function __construct(
        public string $body = '',
        public int $status = 200,
        array $headers = [],
    ) {
        foreach ($headers as $name => $value) {
            $this->header($name, $value);
        }
    }

    public function header(string $name, string $value): self
    {
        $this->headers[$name] = $value;
        return $this;
    }

    public function headerValue(string $name): ?string
    {
        return $this->headers[$name] ?? null;
    }

    public function removeHeader(string $name): self
    {
        unset($this->headers[$name]);
        return $this;
    }

    /** @return array<string, string> */
    public function headers(): array
    {
        return $this->headers;
    }

    public function cookie(string $name, string $value, array $options = []): self
    {
        $this->cookies[$name] = [$value, $options + ['path' => '/', 'samesite' => 'Lax']];
        return $this;
    }

    public function send(bool $withBody = true): void
    {
        http_response_code($this->status);
        foreach ($this->headers as $name => $value) {
            header($name . ': ' . $value);
        }
        foreach ($this->cookies as $name => [$value, $options]) {
            setcookie($name, $value, $options);
        }
        if ($withBody) {
            echo $this->body;
        }
    }
}
