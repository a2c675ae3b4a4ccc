<?php

declare(strict_types=1);

namespace Shopkeeper\Cms\Model;

use Shopkeeper\Framework\Db\Connection;

class PageRepository
{
    public function __construct(private readonly Connection $connection)
    {
    }

    public function byIdentifier(string $identifier): ?Page
    {
        $row = $this->connection->fetchRow(
            "SELECT * FROM {$this->connection->table('cms_page')} WHERE identifier = ? AND is_active = 1",
            [$identifier]
        );
        return $row === null ? null : new Page(
            (int)$row['page_id'],
            $row['identifier'],
            (string)$row['title'],
            (string)$row['content_heading'],
            (string)$row['meta_description'],
            (string)$row['content']
        );
    }
}
