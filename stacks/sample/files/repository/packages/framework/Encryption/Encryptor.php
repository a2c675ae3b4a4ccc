<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Encryption;

use RuntimeException;
use Shopkeeper\Framework\App\DeploymentConfig;

/** Encrypts with the newest line of crypt/key; a value says which line it was made with, so keys can rotate. */
class Encryptor
{
    private const VERSION = '3';

    public function __construct(private readonly DeploymentConfig $config)
    {
    }

    public function encrypt(string $plain): string
    {
        $keys = $this->keys();
        $index = count($keys) - 1;
        $nonce = random_bytes(SODIUM_CRYPTO_SECRETBOX_NONCEBYTES);
        $box = sodium_crypto_secretbox($plain, $nonce, $keys[$index]);
        return $index . ':' . self::VERSION . ':' . base64_encode($nonce . $box);
    }

    /** A value that was never encrypted is given back as it is. */
    public function decrypt(string $value): string
    {
        if (!preg_match('~^(\d+):' . self::VERSION . ':([A-Za-z0-9+/=]+)$~', $value, $parts)) {
            return $value;
        }
        $data = (string)base64_decode($parts[2], true);
        $key = $this->keys()[(int)$parts[1]] ?? throw new RuntimeException('crypt/key of app/etc/env.php has no line for this value.');
        $plain = sodium_crypto_secretbox_open(
            substr($data, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES),
            substr($data, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES),
            $key
        );
        if ($plain === false) {
            throw new RuntimeException('A value cannot be decrypted with crypt/key of app/etc/env.php: it was made with another key.');
        }
        return $plain;
    }

    /** A signature that only this installation can make. */
    public function sign(string $data): string
    {
        return hash_hmac('sha256', $data, $this->keys()[0]);
    }

    /** @return string[] */
    private function keys(): array
    {
        $lines = array_values(array_filter(preg_split('/\s+/', trim((string)$this->config->get('crypt/key')))));
        if ($lines === []) {
            throw new RuntimeException('app/etc/env.php has no crypt/key. Run: bin/magento setup:config:set --key=…');
        }
        return array_map(static fn (string $line) => hash('sha256', $line, true), $lines);
    }
}
