<?php

declare(strict_types=1);

namespace Shopkeeper\CatalogSearch\Model;

use RuntimeException;

class SearchException extends RuntimeException
{
}
