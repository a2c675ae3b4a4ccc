<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

/** An action that takes POST requests without a form key, because it changes nothing for the visitor. */
interface CsrfExemptInterface
{
}
