<?php

declare(strict_types=1);

namespace Shopkeeper\Checkout\Model;

use RuntimeException;

/** Something the customer has to know; its message is shown. */
class CartException extends RuntimeException
{
}
