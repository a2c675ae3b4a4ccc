<?php

declare(strict_types=1);

namespace Shopkeeper\Indexer\Console;

use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Console\Table;
use Shopkeeper\Indexer\Model\Indexer;
use Shopkeeper\Indexer\Model\IndexerList;

class StatusCommand extends Command
{
    public function __construct(private readonly IndexerList $indexers)
    {
    }

    public function signature(): Signature
    {
        return (new Signature('indexer:status', 'Shows status of Indexer'))
            ->argument('index', 'Space-separated list of index types or omit to apply to all indexes.', false, true);
    }

    public function run(Input $input, Output $output): int
    {
        $rows = [];
        foreach ($this->indexers->some((array)$input->argument('index')) as $indexer) {
            $scheduled = $indexer->mode === Indexer::SCHEDULE;
            $rows[] = [
                $indexer->id,
                $indexer->title,
                $indexer->statusTitle(),
                $scheduled ? 'Schedule' : 'Save',
                $scheduled ? sprintf('idle (%d in backlog)', $indexer->backlog) : '',
                (string)$indexer->updated,
            ];
        }
        usort($rows, static fn (array $a, array $b) => strcmp($a[1], $b[1]));
        $output->write(Table::render(['ID', 'Title', 'Status', 'Update On', 'Schedule Status', 'Updated'], $rows));
        return self::SUCCESS;
    }
}
