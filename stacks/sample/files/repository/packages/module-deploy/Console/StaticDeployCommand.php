<?php

declare(strict_types=1);

namespace Shopkeeper\Deploy\Console;

use Shopkeeper\Deploy\Model\StaticContent;
use Shopkeeper\Framework\App\Mode;
use Shopkeeper\Framework\Console\Command;
use Shopkeeper\Framework\Console\ConsoleException;
use Shopkeeper\Framework\Console\Input;
use Shopkeeper\Framework\Console\Output;
use Shopkeeper\Framework\Console\Signature;

class StaticDeployCommand extends Command
{
    private const IGNORED_FLAGS = [
        'symlink-locale', 'no-javascript', 'no-js-bundle', 'no-css', 'no-less', 'no-images', 'no-fonts', 'no-html',
        'no-misc', 'no-html-minify', 'no-parent', 'no-luma-dispatch',
    ];

    public function __construct(
        private readonly Mode $mode,
        private readonly StaticContent $content,
    ) {
    }

    public function signature(): Signature
    {
        $signature = (new Signature('setup:static-content:deploy', 'Deploys static view files'))
            ->argument('languages', 'Space-separated list of ISO-639 language codes for which to output static view files.', false, true)
            ->flag('force', 'Deploy files in any mode.', 'f')
            ->list('language', 'Generate files only for the specified languages.', 'l')
            ->list('area', 'Generate files only for the specified areas.', 'a')
            ->list('theme', 'Generate static view files for only the specified themes.', 't')
            ->list('exclude-language', 'Do not generate files for the specified languages.')
            ->list('exclude-area', 'Do not generate files for the specified areas.')
            ->list('exclude-theme', 'Do not generate files for the specified themes.')
            ->option('content-version', 'Custom version of static content')
            ->flag('refresh-content-version-only', 'Refreshing the version of static content only')
            ->option('jobs', 'Accepted for compatibility: files are few', null, 'j')
            ->option('strategy', 'Accepted for compatibility', null, 's')
            ->option('max-execution-time', 'Accepted for compatibility');
        foreach (self::IGNORED_FLAGS as $flag) {
            $signature->flag($flag, 'Accepted for compatibility');
        }
        return $signature;
    }

    public function run(Input $input, Output $output): int
    {
        if (!$input->option('force') && !$this->mode->isProduction()) {
            throw new ConsoleException(
                "NOTE: Manual static content deployment is not required in \"default\" and \"developer\" modes.\n"
                . "In \"default\" and \"developer\" modes static contents are being deployed automatically on demand.\n"
                . "If you still want to deploy in these modes, use -f option: 'bin/magento setup:static-content:deploy -f'"
            );
        }
        $version = (string)($input->option('content-version') ?? time());
        if ($input->option('refresh-content-version-only')) {
            $this->content->setVersion($version);
            $output->writeln('New version: ' . $version);
            return self::SUCCESS;
        }
        $locales = array_values(array_unique(array_merge((array)$input->argument('languages'), (array)$input->option('language'))));
        foreach ($locales as $locale) {
            if (!preg_match('/^[a-z]{2,3}(_[A-Z][a-z]{3})?_[A-Z]{2}$/', $locale)) {
                throw new ConsoleException(sprintf('%s argument has invalid value, run info:language:list for list of available locales', $locale));
            }
        }
        $started = microtime(true);
        $output->writeln(['', 'Deploy using quick strategy']);
        foreach ($this->themes($input) as $theme) {
            foreach (array_diff($locales ?: $this->content->locales(), (array)$input->option('exclude-language')) as $locale) {
                $count = $this->content->deploy($theme, $locale);
                $output->writeln(sprintf('%-50s %5d/%-5d 100%%', $theme . '/' . $locale, $count, $count));
            }
        }
        // The version comes last: a page never names a version whose files are not there.
        $this->content->setVersion($version);
        $output->writeln(['', sprintf('Execution time: %.3f', microtime(true) - $started)]);
        return self::SUCCESS;
    }

    /** @return string[] */
    private function themes(Input $input): array
    {
        $wanted = static fn (string $value, string $option): bool
            => ((array)$input->option($option) === [] || in_array($value, (array)$input->option($option), true) || in_array('all', (array)$input->option($option), true))
            && !in_array($value, (array)$input->option('exclude-' . $option), true);
        $themes = array_values(array_filter($this->content->themes(), static function (string $id) use ($wanted): bool {
            [$area, $name] = explode('/', $id, 2);
            return $wanted($area, 'area') && $wanted($name, 'theme');
        }));
        if ($themes === []) {
            throw new ConsoleException('No theme fits --area and --theme. Themes: ' . implode(', ', $this->content->themes()));
        }
        return $themes;
    }
}
