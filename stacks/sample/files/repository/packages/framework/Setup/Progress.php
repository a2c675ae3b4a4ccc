<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Setup;

use Shopkeeper\Framework\Console\Output;

final class Progress
{
    private int $current = 0;

    public function __construct(
        private readonly Output $output,
        private readonly int $total,
    ) {
    }

    public function advance(): void
    {
        $this->output->writeln(sprintf('<info>[Progress: %d / %d]</info>', min(++$this->current, $this->total), $this->total));
    }
}
