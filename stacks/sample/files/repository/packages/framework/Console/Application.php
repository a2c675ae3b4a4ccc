<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Console;

use Shopkeeper\Framework\App\Version;
use Throwable;

/** The program behind bin/magento. */
class Application
{
    private const GLOBAL_OPTIONS = [
        'help' => ['h', 'Display help for the given command'],
        'quiet' => ['q', 'Do not output any message'],
        'version' => ['V', 'Display this application version'],
        'ansi' => [null, 'Force ANSI output'],
        'no-ansi' => [null, 'Disable ANSI output'],
        'no-interaction' => ['n', 'Do not ask any interactive question'],
        'verbose' => ['v', 'Increase the verbosity of messages'],
    ];

    /** @var array<string, true> */
    private array $global = [];

    public function __construct(
        private readonly CommandList $commands,
        private readonly Output $output,
    ) {
    }

    /** @param string[] $tokens without the program's name */
    public function run(array $tokens): int
    {
        $tokens = $this->takeGlobalOptions($tokens);
        try {
            $name = null;
            foreach ($tokens as $i => $token) {
                if (!str_starts_with($token, '-')) {
                    $name = $token;
                    array_splice($tokens, $i, 1);
                    break;
                }
            }
            if (isset($this->global['version']) && $name === null) {
                $this->output->writeln($this->banner());
                return Command::SUCCESS;
            }
            if ($name === null || $name === 'list') {
                if ($name === null && $tokens !== []) {
                    throw new ConsoleException(sprintf('The "%s" option does not exist.', $tokens[0]));
                }
                return $this->list($tokens[0] ?? null);
            }
            if ($name === 'help') {
                $name = $tokens[0] ?? throw new ConsoleException('Not enough arguments (missing: "command_name").');
                $this->global['help'] = true;
            }
            $command = $this->find($name);
            if (isset($this->global['help'])) {
                return $this->help($command->signature());
            }
            $input = (new InputParser($command->signature()))->parse($tokens, !isset($this->global['no-interaction']));
            return $command->run($input, $this->output);
        } catch (Throwable $e) {
            return $this->fail($e);
        }
    }

    public function find(string $name): Command
    {
        $all = $this->commands->all();
        if (isset($all[$name])) {
            return $all[$name];
        }
        // "c:f" stands for "cache:flush" as long as nothing else fits.
        $pattern = '~^' . implode('[^:]*:', array_map(static fn (string $p) => preg_quote($p, '~'), explode(':', $name))) . '[^:]*$~';
        $matches = array_values(array_filter(array_keys($all), static fn (string $known) => preg_match($pattern, $known) === 1));
        if (count($matches) === 1) {
            return $all[$matches[0]];
        }
        if ($matches !== []) {
            throw new ConsoleException(sprintf(
                "Command \"%s\" is ambiguous.\nDid you mean one of these?\n    %s",
                $name,
                implode("\n    ", $matches)
            ));
        }
        $near = array_values(array_filter(
            array_keys($all),
            static fn (string $known) => levenshtein($name, $known) <= max(3, strlen($name) / 3) || str_contains($known, $name)
        ));
        throw new ConsoleException(
            sprintf('Command "%s" is not defined.', $name)
            . ($near === [] ? '' : "\n\nDid you mean one of these?\n    " . implode("\n    ", $near))
        );
    }

    /**
     * @param string[] $tokens
     * @return string[] what is left for the command
     */
    private function takeGlobalOptions(array $tokens): array
    {
        $rest = [];
        foreach ($tokens as $i => $token) {
            if ($token === '--') {
                return array_merge($rest, array_slice($tokens, $i));
            }
            if (preg_match('/^-v{1,3}$/', $token)) {
                $this->global['verbose'] = true;
                $this->output->verbosity = strlen($token) - 1;
                continue;
            }
            $taken = false;
            foreach (self::GLOBAL_OPTIONS as $name => [$short]) {
                if ($token === '--' . $name || ($short !== null && $token === '-' . $short)) {
                    $this->global[$name] = true;
                    $taken = true;
                }
            }
            if (!$taken) {
                $rest[] = $token;
            }
        }
        if (isset($this->global['ansi']) || isset($this->global['no-ansi'])) {
            $this->output->useColour(isset($this->global['ansi']));
        }
        if (isset($this->global['quiet'])) {
            $this->output->verbosity = -1;
        }
        return $rest;
    }

    private function banner(): string
    {
        return sprintf('Magento CLI <info>%s</info> (%s)', Version::NUMBER, Version::NAME);
    }

    private function list(?string $namespace): int
    {
        $this->output->writeln([$this->banner(), '', '<comment>Usage:</comment>', '  command [options] [arguments]', '']);
        $this->output->writeln('<comment>Options:</comment>');
        $this->output->writeln($this->globalOptionLines());
        $this->output->writeln(['', '<comment>Available commands:</comment>']);
        $all = $this->commands->all();
        $width = max(array_map('strlen', array_keys($all))) + 2;
        $this->output->writeln(sprintf('  <info>%s</info>%s', str_pad('list', $width), 'List commands'));
        $group = null;
        foreach ($all as $name => $command) {
            $own = strstr($name, ':', true) ?: '';
            if ($namespace !== null && $own !== $namespace) {
                continue;
            }
            if ($own !== $group && $own !== '') {
                $this->output->writeln(' <comment>' . $own . '</comment>');
            }
            $group = $own;
            $this->output->writeln(sprintf('  <info>%s</info>%s', str_pad($name, $width), $command->signature()->description));
        }
        return Command::SUCCESS;
    }

    private function help(Signature $signature): int
    {
        $this->output->writeln(['<comment>Description:</comment>', '  ' . $signature->description, '']);
        $this->output->writeln(['<comment>Usage:</comment>', '  ' . $signature->synopsis()]);
        if ($signature->arguments !== []) {
            $this->output->writeln(['', '<comment>Arguments:</comment>']);
            $width = max(array_map('strlen', array_keys($signature->arguments))) + 2;
            foreach ($signature->arguments as $name => $argument) {
                $this->output->writeln(sprintf('  <info>%s</info>%s', str_pad($name, $width), $argument['description']));
            }
        }
        $this->output->writeln(['', '<comment>Options:</comment>']);
        foreach ($signature->options as $name => $option) {
            $value = match ($option['value']) {
                'none' => '',
                'optional' => '[=' . strtoupper($name) . ']',
                default => '=' . strtoupper($name),
            };
            $head = ($option['short'] ? '-' . $option['short'] . ', ' : '    ') . '--' . $name . $value;
            $this->output->writeln(sprintf('  <info>%s</info>  %s', str_pad($head, 40), $option['description']));
        }
        $this->output->writeln($this->globalOptionLines());
        return Command::SUCCESS;
    }

    /** @return string[] */
    private function globalOptionLines(): array
    {
        $lines = [];
        foreach (self::GLOBAL_OPTIONS as $name => [$short, $description]) {
            $head = ($short ? '-' . $short . ', ' : '    ') . '--' . $name;
            $lines[] = sprintf('  <info>%s</info>  %s', str_pad($head, 40), $description);
        }
        return $lines;
    }

    private function fail(Throwable $e): int
    {
        $class = substr(strrchr('\\' . $e::class, '\\'), 1);
        $where = sprintf('In %s line %d:', basename($e->getFile()), $e->getLine());
        $this->output->error('');
        $this->output->error('<comment>' . $where . '</comment>');
        if ($this->output->verbosity > 0) {
            $this->output->error('  [' . $class . ']');
        }
        foreach (explode("\n", $e->getMessage()) as $line) {
            $this->output->error('<error>  ' . $line . '  </error>');
        }
        if ($this->output->verbosity > 0) {
            $this->output->error("\n" . $e->getTraceAsString());
        }
        $this->output->error('');
        return Command::FAILURE;
    }
}
