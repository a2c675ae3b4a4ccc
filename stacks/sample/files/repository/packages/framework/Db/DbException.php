<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Db;

use RuntimeException;

class DbException extends RuntimeException
{
}
