<?php

declare(strict_types=1);

namespace Shopkeeper\Cms\Setup\Patch\Data;

use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Setup\Patch\DataPatchInterface;

/** A home page, so that a shop without sample data answers too. */
class CreateDefaultPages implements DataPatchInterface
{
    public function __construct(private readonly Connection $connection)
    {
    }

    public static function getDependencies(): array
    {
        return [];
    }

    public function getAliases(): array
    {
        return [];
    }

    public function apply(): void
    {
        $this->connection->insert('cms_page', [
            'identifier' => 'home',
            'title' => 'Home page',
            'content_heading' => 'Welcome',
            'meta_description' => '',
            'content' => '<p>This shop has just been installed.</p>',
        ]);
    }
}
