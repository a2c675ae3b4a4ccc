<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

use RuntimeException;
use Throwable;

/** A service that this page needs, and only this page, does not answer. */
class ServiceUnavailableException extends RuntimeException
{
    public function __construct(public readonly string $service, string $message, ?Throwable $previous = null)
    {
        parent::__construct($message, 0, $previous);
    }
}
