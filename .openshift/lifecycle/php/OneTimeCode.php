<?php

declare(strict_types=1);

namespace Shop;

/** The second factor of the first admin: a code from a secret and the time, as authenticator apps make it (RFC 6238). */
final class OneTimeCode
{
    private const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    private const SECONDS = 30;

    /** @param string $key bytes in hexadecimal */
    public function __construct(private readonly string $key)
    {
    }

    /** The secret as apps and Magento take it (RFC 4648). */
    public function base32(): string
    {
        $bits = implode('', array_map(static fn (string $byte): string => sprintf('%08b', ord($byte)), str_split($this->bytes())));
        $letters = array_map(
            static fn (string $five): string => self::ALPHABET[bindec(str_pad($five, 5, '0'))],
            str_split($bits, 5),
        );
        return implode('', $letters);
    }

    /** Six digits. */
    public function at(int $time): string
    {
        $hash = hash_hmac('sha1', pack('J', intdiv($time, self::SECONDS)), $this->bytes(), true);
        $number = unpack('N', $hash, ord($hash[19]) & 0xf)[1] & 0x7fffffff;
        return sprintf('%06d', $number % 1_000_000);
    }

    private function bytes(): string
    {
        return hex2bin($this->key) ?: throw new Failure('The secret of the second factor is not hexadecimal.');
    }
}
