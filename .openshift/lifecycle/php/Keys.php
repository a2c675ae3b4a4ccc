<?php

declare(strict_types=1);

namespace Shop;

/** The keys to composer repositories, the project's over the user's. */
final class Keys
{
    /** @param array<string, array<string, mixed>> $known kind → host → key */
    private function __construct(private readonly array $known)
    {
    }

    public static function load(): self
    {
        $known = [];
        foreach ([Place::state('keys/composer'), Place::app('auth.json')] as $path) {
            is_file($path) && $known = array_replace_recursive($known, self::read((string) @file_get_contents($path), $path));
        }
        $variable = getenv('COMPOSER_AUTH');
        return new self($variable ? array_replace_recursive($known, self::read($variable, 'COMPOSER_AUTH')) : $known);
    }

    /** Leaves them where composer looks for its user's. */
    public function write(): void
    {
        $home = getenv('COMPOSER_HOME') ?: (getenv('HOME') ?: '/tmp') . '/composer';
        if ($this->known !== []) {
            umask(0077);
            is_dir($home) || mkdir($home, 0700, true);
            $written = @file_put_contents("$home/auth.json", json_encode($this->known, JSON_THROW_ON_ERROR));
            $written !== false || throw new Failure("$home/auth.json cannot be written.");
        }
    }

    /** The header that opens the repositories of a host; nothing without a key. */
    public function header(string $host): ?string
    {
        $basic = $this->known['http-basic'][$host] ?? null;
        $bearer = $this->known['bearer'][$host] ?? null;
        return match (true) {
            is_array($basic) => 'Authorization: Basic ' . base64_encode(($basic['username'] ?? '') . ':' . ($basic['password'] ?? '')),
            is_string($bearer) => "Authorization: Bearer $bearer",
            default => null,
        };
    }

    /** @return array<string, array<string, mixed>> */
    private static function read(string $json, string $place): array
    {
        $keys = json_decode($json, true);
        return is_array($keys) ? $keys : throw new Failure("$place is not JSON: " . json_last_error_msg() . '.');
    }
}
