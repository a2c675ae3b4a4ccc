<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Url;

interface UrlInterface
{
    /** The address of a path of the shop, or of the back office in its area. */
    public function get(string $path = '', array $query = []): string;

    public function base(): string;

    public function media(string $file): string;

    public function static(string $file): string;
}
