<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\ObjectManager;

use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;
use Shopkeeper\Framework\Module\ModuleList;

class CompileCommand extends Command
{
    private const STEPS = 3;

    public function __construct(
        private readonly Compiler $compiler,
        private readonly ModuleList $modules,
    ) {
    }

    public function signature(): Signature
    {
        return new Signature('setup:di:compile', 'Generates DI configuration and all missing classes that can be auto-generated');
    }

    public function run(Input $input, Output $output): int
    {
        if (!$this->modules->isConfigured()) {
            $output->writeln("<error>You cannot run this command because modules are not enabled. You can enable modules by running the 'module:enable --all' command.</error>");
            return self::FAILURE;
        }
        $output->writeln('Compilation was started.');
        $step = 0;
        $started = microtime(true);
        $this->compiler->compile(static function (string $title) use (&$step, $output): void {
            $output->writeln(sprintf('%s... %d/%d [%s] %3d%%', $title, ++$step, self::STEPS, str_pad(str_repeat('=', 9 * $step), 27, '-'), 100 * $step / self::STEPS));
        });
        $output->writeln(sprintf('<info>Generated code and dependency injection configuration successfully.</info> (%.1f s)', microtime(true) - $started));
        return self::SUCCESS;
    }
}
