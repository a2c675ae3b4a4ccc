<?php

declare(strict_types=1);

namespace Shopkeeper\Indexer\Console;

use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Indexer\Model\Indexer;
use Shopkeeper\Indexer\Model\IndexerList;

class ShowModeCommand extends Command
{
    public function __construct(private readonly IndexerList $indexers)
    {
    }

    public function signature(): Signature
    {
        return (new Signature('indexer:show-mode', 'Shows Index Mode'))
            ->argument('index', 'Space-separated list of index types or omit to apply to all indexes.', false, true);
    }

    public function run(Input $input, Output $output): int
    {
        foreach ($this->indexers->some((array)$input->argument('index')) as $indexer) {
            $output->writeln(sprintf('%-50s %s', $indexer->title . ':', $indexer->mode === Indexer::SCHEDULE ? 'Update by Schedule' : 'Update on Save'));
        }
        return self::SUCCESS;
    }
}
