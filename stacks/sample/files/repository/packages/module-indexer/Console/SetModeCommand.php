<?php

declare(strict_types=1);

namespace Shopkeeper\Indexer\Console;

use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Indexer\Model\Indexer;
use Shopkeeper\Indexer\Model\IndexerList;
use Shopkeeper\Indexer\Model\IndexManager;

class SetModeCommand extends Command
{
    private const TITLES = [Indexer::REALTIME => 'Update on Save', Indexer::SCHEDULE => 'Update by Schedule'];

    public function __construct(
        private readonly IndexerList $indexers,
        private readonly IndexManager $manager,
    ) {
    }

    public function signature(): Signature
    {
        return (new Signature('indexer:set-mode', 'Sets index mode type'))
            ->argument('mode', 'Indexer mode type [realtime|schedule]', true)
            ->argument('index', 'Space-separated list of index types or omit to apply to all indexes.', false, true);
    }

    public function run(Input $input, Output $output): int
    {
        $mode = (string)$input->argument('mode');
        if (!isset(self::TITLES[$mode])) {
            $output->writeln('<error>Accepted values for index mode are ' . implode(', ', array_keys(self::TITLES)) . '</error>');
            return self::FAILURE;
        }
        foreach ($this->indexers->some((array)$input->argument('index')) as $indexer) {
            if ($indexer->mode === $mode) {
                $output->writeln(sprintf('Index mode for Indexer %s has not been changed', $indexer->title));
                continue;
            }
            $this->manager->setMode($indexer, $mode);
            $output->writeln(sprintf("Index mode for Indexer %s was changed from '%s' to '%s'", $indexer->title, self::TITLES[$indexer->mode], self::TITLES[$mode]));
        }
        return self::SUCCESS;
    }
}
