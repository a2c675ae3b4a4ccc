<?php

declare(strict_types=1);

namespace Shopkeeper\Store\Console;

use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Console\Table;
use Shopkeeper\Store\Model\Store;
use Shopkeeper\Store\Model\StoreManager;

class StoreListCommand extends Command
{
    public function __construct(private readonly StoreManager $stores)
    {
    }

    public function signature(): Signature
    {
        return new Signature('store:list', 'Displays the list of stores');
    }

    public function run(Input $input, Output $output): int
    {
        $rows = array_map(
            static fn (Store $s) => [(string)$s->id, (string)$s->websiteId, (string)$s->groupId, $s->name, $s->code, (string)(int)$s->active],
            array_values($this->stores->all())
        );
        $output->write(Table::render(['ID', 'Website ID', 'Group ID', 'Name', 'Code', 'Is Active'], $rows));
        return self::SUCCESS;
    }
}
