<?php

declare(strict_types=1);

namespace Shopkeeper\Config\Console;

use InvalidArgumentException;
use Shopkeeper\Config\Model\Scope;
use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;

class ConfigShowCommand extends Command
{
    public function __construct(
        private readonly ScopeConfigInterface $config,
        private readonly Scope $scope,
    ) {
    }

    public function signature(): Signature
    {
        return (new Signature('config:show', 'Shows configuration value for given path. If path is not specified, all saved values will be shown'))
            ->argument('path', 'Configuration path, for example section_id/group_id/field_id')
            ->option('scope', 'Scope for configuration (default, website, or store)', ScopeConfigInterface::DEFAULT)
            ->option('scope-code', 'Scope code (required only if scope is not `default`)');
    }

    public function run(Input $input, Output $output): int
    {
        $path = trim((string)$input->argument('path'), '/');
        try {
            [$scope, $code] = $this->scope->of($input);
        } catch (InvalidArgumentException $e) {
            $output->writeln('<error>' . $e->getMessage() . '</error>');
            return self::FAILURE;
        }
        $value = $this->config->get($path, $scope, $code);
        if ($value === null) {
            $output->writeln(sprintf('<error>The "%s" path doesn\'t exist. Verify and try again.</error>', $path));
            return self::FAILURE;
        }
        if (is_array($value)) {
            $this->list($output, $value, $path);
        } else {
            $output->writeln($this->visible($path, $value));
        }
        return self::SUCCESS;
    }

    private function list(Output $output, array $values, string $path): void
    {
        foreach ($values as $name => $value) {
            $below = $path === '' ? (string)$name : $path . '/' . $name;
            if (is_array($value)) {
                $this->list($output, $value, $below);
            } else {
                $output->writeln($below . ' - ' . $this->visible($below, $value));
            }
        }
    }

    private function visible(string $path, mixed $value): string
    {
        return preg_match('/password|secret|_key$/i', basename($path)) && (string)$value !== '' ? '******' : (string)$value;
    }
}
