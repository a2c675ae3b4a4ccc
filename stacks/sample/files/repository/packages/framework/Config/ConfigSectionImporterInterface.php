<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Config;

interface ConfigSectionImporterInterface
{
    /** @return string[] what was done */
    public function import(array $data): array;
}
