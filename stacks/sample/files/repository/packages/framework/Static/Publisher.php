<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Static;

use RuntimeException;
use Shopkeeper\Framework\App\Mode;
use Shopkeeper\Framework\App\Paths;
use Shopkeeper\Framework\Component\ComponentRegistrar;
use Shopkeeper\Framework\Filesystem\AtomicFile;
use Shopkeeper\Framework\Filesystem\Directory;
use Shopkeeper\Framework\Module\ModuleList;

/** Puts static files of themes and modules below pub/static, all of a theme or one that was asked for. */
class Publisher
{
    public function __construct(
        private readonly Paths $paths,
        private readonly ModuleList $modules,
        private readonly Mode $mode,
        private readonly CssCompiler $css,
    ) {
    }

    /** @return string[] ids such as frontend/Shopkeeper/hearth */
    public function themes(): array
    {
        return array_keys(ComponentRegistrar::paths(ComponentRegistrar::THEME));
    }

    /** @return int number of files written for one theme and locale */
    public function publishAll(string $theme, string $locale): int
    {
        $count = 0;
        foreach ($this->sources($theme) as $file => $source) {
            AtomicFile::write($this->paths->static("$theme/$locale/$file"), $this->content($file, $source, $theme));
            $count++;
        }
        return $count;
    }

    /** The file for an address below static/, null when there is none. */
    public function publish(string $resource): ?string
    {
        if (!preg_match('~^(frontend|adminhtml)/([^/]+)/([^/]+)/([A-Za-z_]+)/(.+)$~', $resource, $parts) || str_contains($resource, '..')) {
            return null;
        }
        [, $area, $vendor, $name, $locale, $file] = $parts;
        $theme = "$area/$vendor/$name";
        if (!in_array($theme, $this->themes(), true)) {
            return null;
        }
        $source = $this->source($theme, $file);
        if ($source === null) {
            return null;
        }
        $target = $this->paths->static("$theme/$locale/$file");
        if ($this->mode->isDeveloper() && $this->link($source, $target)) {
            return $target;
        }
        AtomicFile::write($target, $this->content($file, $source, $theme));
        return $target;
    }

    /** The style sheet as it would be published; in developer mode it is not, so that each request sees every change. */
    public function styles(string $resource): ?string
    {
        return $this->mode->isDeveloper() && str_ends_with($resource, '.css') ? $this->compiled($resource) : null;
    }

    private function compiled(string $resource): ?string
    {
        $parts = explode('/', $resource, 5);
        $source = count($parts) === 5 && !str_contains($resource, '..') ? $this->source("$parts[0]/$parts[1]/$parts[2]", $parts[4]) : null;
        return $source === null ? null : $this->css->compile($source, $parts[0], false);
    }

    /** While a theme is being worked on, files are linked, and changes show at once. */
    private function link(string $source, string $target): bool
    {
        Directory::ensure(dirname($target));
        $from = explode('/', realpath(dirname($target)));
        $to = explode('/', realpath($source));
        while ($from !== [] && $to !== [] && $from[0] === $to[0]) {
            array_shift($from);
            array_shift($to);
        }
        return @symlink(str_repeat('../', count($from)) . implode('/', $to), $target) || is_link($target);
    }

    private function source(string $theme, string $file): ?string
    {
        [$first, $rest] = array_pad(explode('/', $file, 2), 2, '');
        $themePath = (string)ComponentRegistrar::path(ComponentRegistrar::THEME, $theme);
        $candidates = [$themePath . '/web/' . $file];
        $module = $this->modules->enabled()[$first] ?? null;
        if ($module !== null && $rest !== '') {
            $area = explode('/', $theme)[0];
            $candidates[] = $themePath . '/' . $first . '/web/' . $rest;
            $candidates[] = $module->path . '/view/' . $area . '/web/' . $rest;
            $candidates[] = $module->path . '/view/base/web/' . $rest;
        }
        foreach ($candidates as $candidate) {
            if (is_file($candidate)) {
                return $candidate;
            }
        }
        return null;
    }

    /** @return array<string, string> path below the locale => source; the theme wins over modules */
    private function sources(string $theme): array
    {
        $area = explode('/', $theme)[0];
        $themePath = ComponentRegistrar::path(ComponentRegistrar::THEME, $theme)
            ?? throw new RuntimeException(sprintf('Requested theme path "%s" is wrong. Known themes: %s', $theme, implode(', ', $this->themes())));
        $directories = [];
        foreach ($this->modules->enabled() as $module) {
            $directories[] = [$module->name . '/', $module->path . '/view/base/web'];
            $directories[] = [$module->name . '/', $module->path . '/view/' . $area . '/web'];
            $directories[] = [$module->name . '/', $themePath . '/' . $module->name . '/web'];
        }
        $directories[] = ['', $themePath . '/web'];
        $sources = [];
        foreach ($directories as [$prefix, $directory]) {
            foreach (Directory::files($directory) as $file => $source) {
                // Files that start with an underscore are parts of others.
                if (!str_starts_with(basename($file), '_')) {
                    $sources[$prefix . $file] = $source;
                }
            }
        }
        return $sources;
    }

    private function content(string $file, string $source, string $theme): string
    {
        return str_ends_with($file, '.css')
            ? $this->css->compile($source, explode('/', $theme)[0], !$this->mode->isDeveloper())
            : (string)file_get_contents($source);
    }
}
