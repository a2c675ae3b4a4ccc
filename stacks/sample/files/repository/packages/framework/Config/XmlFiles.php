<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Config;

use RuntimeException;
use Shopkeeper\Framework\App\Area;
use Shopkeeper\Framework\App\Paths;
use Shopkeeper\Framework\Module\Module;
use Shopkeeper\Framework\Module\ModuleList;
use SimpleXMLElement;

/** Finds one configuration file of all enabled modules, in module order: app/etc first, global before area. */
class XmlFiles
{
    public function __construct(
        private readonly ModuleList $modules,
        private readonly Paths $paths,
    ) {
    }

    /** @return iterable<string, SimpleXMLElement> origin (module name or "app") => document */
    public function load(string $file, string $area = Area::GLOBAL): iterable
    {
        $directories = ['etc'];
        if ($area !== Area::GLOBAL) {
            $directories[] = 'etc/' . $area;
        }
        foreach ($directories as $directory) {
            $own = $this->paths->etc(substr($directory . '/' . $file, strlen('etc/')));
            if (is_file($own)) {
                yield 'app' => $this->parse($own);
            }
            /** @var Module $module */
            foreach ($this->modules->enabled() as $module) {
                $path = $module->path . '/' . $directory . '/' . $file;
                if (is_file($path)) {
                    yield $module->name => $this->parse($path);
                }
            }
        }
    }

    private function parse(string $path): SimpleXMLElement
    {
        $previous = libxml_use_internal_errors(true);
        $xml = simplexml_load_file($path);
        $error = libxml_get_last_error();
        libxml_clear_errors();
        libxml_use_internal_errors($previous);
        if ($xml === false) {
            throw new RuntimeException(sprintf(
                'Invalid XML in %s on line %d: %s',
                $path,
                $error ? $error->line : 0,
                $error ? trim($error->message) : 'unreadable'
            ));
        }
        return $xml;
    }
}
