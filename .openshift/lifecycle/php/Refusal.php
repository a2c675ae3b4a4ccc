<?php

declare(strict_types=1);

namespace Shop;

/** Why a composer repository gives nothing. */
final class Refusal
{
    /** It answers, and wants another key. */
    public const KEY = 'key';
    /** It does not answer. */
    public const SILENT = 'silent';

    public function __construct(public readonly string $kind, public readonly string $what)
    {
    }
}
