<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Redis;

use RuntimeException;

class RedisException extends RuntimeException
{
}
