<?php

declare(strict_types=1);

namespace Shopkeeper\Email\Model;

use RuntimeException;

class MailException extends RuntimeException
{
}
