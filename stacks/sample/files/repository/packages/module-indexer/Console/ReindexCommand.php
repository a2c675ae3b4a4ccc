<?php

declare(strict_types=1);

namespace Shopkeeper\Indexer\Console;

use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Indexer\Model\IndexManager;
use Shopkeeper\Indexer\Model\IndexerList;
use Throwable;

class ReindexCommand extends Command
{
    public function __construct(
        private readonly IndexerList $indexers,
        private readonly IndexManager $manager,
    )
    {
    }

    public function signature(): Signature
    {
        return (new Signature('indexer:reindex', 'Reindexes Data'))
            ->argument('index', 'Space-separated list of index types or omit to apply to all indexes.', false, true);
    }

    public function run(Input $input, Output $output): int
    {
        $result = self::SUCCESS;
        foreach ($this->indexers->some((array)$input->argument('index')) as $indexer) {
            $started = time();
            try {
                $this->manager->rebuildAll($indexer);
                $output->writeln($indexer->title . ' index has been rebuilt successfully in ' . gmdate('H:i:s', time() - $started));
            } catch (Throwable $e) {
                $output->writeln([$indexer->title . ' index process error during indexation process:', $e->getMessage()]);
                $result = self::FAILURE;
            }
        }
        return $result;
    }
}
