<?php

declare(strict_types=1);

namespace Shopkeeper\SampleData\Model;

use Shopkeeper\Framework\Component\ComponentRegistrar;

/** Reads data/NAME.json. */
class Fixtures
{
    public function load(string $name): array
    {
        $path = ComponentRegistrar::path(ComponentRegistrar::MODULE, 'Shopkeeper_SampleData') . '/data/' . $name . '.json';
        return json_decode((string)file_get_contents($path), true, 512, JSON_THROW_ON_ERROR);
    }
}
