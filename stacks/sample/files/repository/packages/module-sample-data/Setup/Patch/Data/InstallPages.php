<?php

declare(strict_types=1);

namespace Shopkeeper\SampleData\Setup\Patch\Data;

use Shopkeeper\Cms\Setup\Patch\Data\CreateDefaultPages;
use Shopkeeper\Framework\Db\Connection;
use Shopkeeper\Framework\Setup\Patch\DataPatchInterface;
use Shopkeeper\SampleData\Model\Fixtures;

class InstallPages implements DataPatchInterface
{
    public function __construct(
        private readonly Connection $connection,
        private readonly Fixtures $fixtures,
    ) {
    }

    public static function getDependencies(): array
    {
        return [CreateDefaultPages::class];
    }

    public function getAliases(): array
    {
        return [];
    }

    public function apply(): void
    {
        foreach ($this->fixtures->load('pages') as $page) {
            $page['content'] = implode("\n", $page['content']);
            $this->connection->insertOnDuplicate('cms_page', $page, ['title', 'content_heading', 'meta_description', 'content']);
        }
    }
}
