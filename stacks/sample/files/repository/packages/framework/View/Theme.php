<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\View;

use RuntimeException;
use Shopkeeper\Framework\App\Area;
use Shopkeeper\Framework\Component\ComponentRegistrar;

/** The theme of the current area; di.xml of an area says which. */
class Theme
{
    public function __construct(
        private readonly Area $area,
        private readonly string $code = 'Shopkeeper/hearth',
    ) {
    }

    /** The area whose files are meant; REST and the console show the shop's. */
    public function area(): string
    {
        return $this->area->code === Area::ADMIN ? Area::ADMIN : Area::FRONTEND;
    }

    /** For example frontend/Shopkeeper/hearth. */
    public function id(): string
    {
        return $this->area() . '/' . $this->code;
    }

    public function path(): string
    {
        return ComponentRegistrar::path(ComponentRegistrar::THEME, $this->id())
            ?? throw new RuntimeException(sprintf('The theme %s is not registered.', $this->id()));
    }
}
