<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Static;

use RuntimeException;
use Shopkeeper\Framework\Module\ModuleList;

/**
 * Makes one style sheet of many: a relative @import is replaced by the file, and "@modules;" by the _module.css
 * of every enabled module. Outside developer mode comments and needless space go.
 */
class CssCompiler
{
    public function __construct(private readonly ModuleList $modules)
    {
    }

    public function compile(string $source, string $area, bool $minify): string
    {
        $css = $this->expand($source, $area, []);
        return $minify ? $this->minify($css) : $css;
    }

    private function expand(string $source, string $area, array $seen): string
    {
        if (isset($seen[$source])) {
            throw new RuntimeException('Style sheets import each other in a circle: ' . implode(' → ', array_keys($seen)));
        }
        $seen[$source] = true;
        $css = (string)file_get_contents($source);
        $css = preg_replace_callback('/@import\s+["\'](\.{0,2}[^"\':]+)["\']\s*;/', function (array $m) use ($source, $area, $seen): string {
            $file = realpath(dirname($source) . '/' . $m[1]);
            if ($file === false) {
                throw new RuntimeException(sprintf('%s imports %s, which does not exist.', $source, $m[1]));
            }
            return $this->expand($file, $area, $seen);
        }, $css);
        return preg_replace_callback('/@modules\s*;/', function () use ($area, $seen): string {
            $parts = '';
            foreach ($this->modules->enabled() as $module) {
                $file = $module->path . '/view/' . $area . '/web/css/_module.css';
                $parts .= is_file($file) ? $this->expand($file, $area, $seen) : '';
            }
            return $parts;
        }, $css);
    }

    private function minify(string $css): string
    {
        $css = preg_replace('~/\*.*?\*/~s', '', $css);
        $css = preg_replace('/\s+/', ' ', $css);
        return trim(preg_replace('/\s*([{};,>])\s*/', '$1', $css));
    }
}
