<?php

declare(strict_types=1);

namespace Shop;

/** A composer repository that is reached over the network. */
final class ComposerRepository
{
    /** In seconds. A proxy may take long to say that it cannot reach something. */
    private const PATIENCE = 20;

    public function __construct(private readonly string $url)
    {
    }

    /** @return list<self> those of composer.json, whose answers composer needs */
    public static function ofProject(): array
    {
        $project = json_decode((string) @file_get_contents(Place::app('composer.json')), true);
        $all = array_filter($project['repositories'] ?? [], static fn ($one): bool => is_array($one)
            && ($one['type'] ?? '') === 'composer' && str_starts_with($one['url'] ?? '', 'http'));
        return array_values(array_map(static fn (array $one): self => new self($one['url']), $all));
    }

    public function host(): string
    {
        $port = parse_url($this->url, PHP_URL_PORT);
        return parse_url($this->url, PHP_URL_HOST) . ($port === null ? '' : ":$port");
    }

    /** Asks for its first document, as composer does. */
    public function refusal(Keys $keys): ?Refusal
    {
        $key = $keys->header($this->host());
        $request = curl_init(rtrim($this->url, '/') . '/packages.json');
        curl_setopt_array($request, [
            CURLOPT_NOBODY => true,
            CURLOPT_FOLLOWLOCATION => true,
            CURLOPT_CONNECTTIMEOUT => self::PATIENCE,
            CURLOPT_TIMEOUT => self::PATIENCE,
            CURLOPT_HTTPHEADER => $key === null ? [] : [$key],
        ]);
        curl_exec($request);
        $status = curl_getinfo($request, CURLINFO_RESPONSE_CODE);
        $keyed = $key !== null || parse_url($this->url, PHP_URL_USER) !== null;
        return match (true) {
            $status === 0 => new Refusal(Refusal::SILENT, "$this->url does not answer: " . curl_error($request)),
            in_array($status, [401, 402, 403], true) && $keyed => new Refusal(
                Refusal::KEY,
                "{$this->host()} refuses the key that it was given (HTTP $status)",
            ),
            in_array($status, [401, 402, 403], true) => new Refusal(
                Refusal::KEY,
                "{$this->host()} wants a key, and there is none for it (HTTP $status)",
            ),
            default => null,
        };
    }
}
