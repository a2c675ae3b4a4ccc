<?php

declare(strict_types=1);

namespace Shopkeeper\Deploy\Console;

use Shopkeeper\Framework\App\Mode;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;

class ModeShowCommand extends Command
{
    public function __construct(private readonly Mode $mode)
    {
    }

    public function signature(): Signature
    {
        return new Signature('deploy:mode:show', 'Displays current application mode.');
    }

    public function run(Input $input, Output $output): int
    {
        $output->writeln(sprintf('Current application mode: %s. (Note: Environment variables may override this value.)', $this->mode->get()));
        return self::SUCCESS;
    }
}
