<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

use RuntimeException;

class NotFoundException extends RuntimeException
{
}
