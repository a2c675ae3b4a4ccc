<?php

declare(strict_types=1);

namespace Shopkeeper\Webapi\Model;

use RuntimeException;

/** A problem the client is told; the code is the HTTP status. */
class WebapiException extends RuntimeException
{
    /** @param array<string, string> $parameters for %1 or %name in the message */
    public function __construct(string $message, int $status = 400, public readonly array $parameters = [])
    {
        parent::__construct($message, $status);
    }
}
