<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

/** The request as the visitor sent it: what a proxy in between changed is taken from its X-Forwarded-* headers. */
class Request
{
    /** @var array<string, mixed> path parameters, set by routers */
    private array $routeParams = [];
    private string $path;
    private ?string $body = null;

    public function __construct(
        private readonly array $server = [],
        private readonly array $query = [],
        private readonly array $post = [],
        private readonly array $cookies = [],
    ) {
        $this->path = trim(rawurldecode((string)parse_url($this->uri(), PHP_URL_PATH)), '/');
    }

    public static function fromGlobals(): self
    {
        return new self($_SERVER, $_GET, $_POST, $_COOKIE);
    }

    public function method(): string
    {
        return $this->server['REQUEST_METHOD'] ?? 'GET';
    }

    public function isPost(): bool
    {
        return $this->method() === 'POST';
    }

    public function isSafe(): bool
    {
        return in_array($this->method(), ['GET', 'HEAD'], true);
    }

    public function wantsJson(): bool
    {
        return str_contains((string)$this->header('Accept'), 'application/json')
            || $this->header('X-Requested-With') === 'XMLHttpRequest';
    }

    /** Path and query as they were asked for. */
    public function uri(): string
    {
        $uri = (string)($this->server['REQUEST_URI'] ?? '/');
        // A leading "//" would be read as a host.
        return '/' . ltrim($uri, '/');
    }

    /** Path without slashes at its ends; routers may rewrite it. */
    public function path(): string
    {
        return $this->path;
    }

    public function setPath(string $path): void
    {
        $this->path = trim($path, '/');
    }

    public function header(string $name): ?string
    {
        $key = strtoupper(str_replace('-', '_', $name));
        return $this->server['HTTP_' . $key] ?? $this->server[$key] ?? null;
    }

    public function cookie(string $name): ?string
    {
        $value = $this->cookies[$name] ?? null;
        return is_string($value) ? $value : null;
    }

    public function query(string $name, mixed $default = null): mixed
    {
        return $this->query[$name] ?? $default;
    }

    /** @return array<string, mixed> */
    public function queries(): array
    {
        return $this->query;
    }

    public function post(string $name, mixed $default = null): mixed
    {
        return $this->post[$name] ?? $default;
    }

    /** A parameter of the path, the form or the query, in this order. */
    public function param(string $name, mixed $default = null): mixed
    {
        return $this->routeParams[$name] ?? $this->post[$name] ?? $this->query[$name] ?? $default;
    }

    public function text(string $name, string $default = ''): string
    {
        $value = $this->param($name, $default);
        return is_scalar($value) ? trim((string)$value) : $default;
    }

    public function setParam(string $name, mixed $value): void
    {
        $this->routeParams[$name] = $value;
    }

    public function isSecure(string $offloaderHeader = 'X-Forwarded-Proto'): bool
    {
        if (in_array(strtolower((string)($this->server['HTTPS'] ?? '')), ['on', '1'], true)) {
            return true;
        }
        // Settings spell the header as HTTP clients do or as PHP does.
        $offloader = $this->header(preg_replace('/^(SSL_|HTTP_)/', '', $offloaderHeader));
        return in_array(strtolower((string)$offloader), ['https', 'on', '1', 'ssl'], true);
    }

    public function scheme(string $offloaderHeader = 'X-Forwarded-Proto'): string
    {
        return $this->isSecure($offloaderHeader) ? 'https' : 'http';
    }

    public function host(): string
    {
        return strtolower(preg_replace('/:\d+$/', '', $this->authority()));
    }

    /** The port the visitor used, null when neither the host nor a proxy tells it. */
    public function port(): ?int
    {
        if (preg_match('/:(\d+)$/', $this->authority(), $match)) {
            return (int)$match[1];
        }
        $forwarded = (string)$this->header('X-Forwarded-Port');
        return ctype_digit($forwarded) ? (int)$forwarded : null;
    }

    public function clientIp(): string
    {
        return (string)($this->server['REMOTE_ADDR'] ?? '');
    }

    public function body(): string
    {
        return $this->body ??= (string)file_get_contents('php://input');
    }

    private function authority(): string
    {
        $forwarded = explode(',', (string)$this->header('X-Forwarded-Host'))[0];
        return trim($forwarded) !== '' ? trim($forwarded) : (string)($this->server['HTTP_HOST'] ?? 'localhost');
    }
}
