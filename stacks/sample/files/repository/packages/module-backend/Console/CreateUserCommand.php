<?php

declare(strict_types=1);

namespace Shopkeeper\Backend\Console;

use Shopkeeper\Backend\Model\UserRepository;
use Shopkeeper\Backend\Setup\AdminUserStep;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;

class CreateUserCommand extends Command
{
    public function __construct(
        private readonly UserRepository $users,
        private readonly AdminUserStep $step,
    ) {
    }

    public function signature(): Signature
    {
        $signature = new Signature('admin:user:create', 'Creates an administrator');
        $this->step->declare($signature);
        return $signature->option('magento-init-params', 'Accepted for compatibility');
    }

    public function run(Input $input, Output $output): int
    {
        $problems = AdminUserStep::problems($input);
        if ($problems !== []) {
            foreach ($problems as $problem) {
                $output->writeln('<error>' . $problem . '</error>');
            }
            return self::FAILURE;
        }
        AdminUserStep::save($this->users, $input);
        $output->writeln(sprintf('<info>Created Magento administrator user named %s</info>', $input->option('admin-user')));
        return self::SUCCESS;
    }
}
