<?php

declare(strict_types=1);

namespace Shopkeeper\Config\Model;

use Shopkeeper\Framework\Encryption\Encryptor;

/** Settings that are kept encrypted with the crypt key of env.php; modules name theirs in di.xml. */
class EncryptedPaths
{
    /** @param array<string, string> $paths */
    public function __construct(
        private readonly Encryptor $encryptor,
        private readonly array $paths = [],
    ) {
    }

    public function protect(string $path, string $value): string
    {
        return in_array($path, $this->paths, true) && $value !== '' ? $this->encryptor->encrypt($value) : $value;
    }
}
