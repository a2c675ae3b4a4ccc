<?php

declare(strict_types=1);

use Shopkeeper\Framework\Translate\Translator;

/** Translates a text; %1, %2 … stand for the further arguments. */
function __(string $text, string|int|float ...$arguments): string
{
    return Translator::text($text, $arguments);
}
