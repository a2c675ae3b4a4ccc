<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Media;

use Shopkeeper\Framework\App\Paths;
use Shopkeeper\Framework\Filesystem\AtomicFile;
use Shopkeeper\Framework\Http\FileSender;

/** Behind pub/get.php: brings back media that modules ship, for example after a database came without its files. */
class MediaResource
{
    public function __construct(
        private readonly Paths $paths,
        private readonly FileSender $sender,
        private readonly MediaSources $sources,
    ) {
    }

    public function serve(string $path): void
    {
        if (!preg_match('~^/(?:pub/)?media/([\w./-]+)$~', rawurldecode($path), $match) || str_contains($match[1], '..')) {
            $this->sender->send(null);
            return;
        }
        $target = $this->paths->media($match[1]);
        $source = $this->sources->find($match[1]);
        if (!is_file($target) && $source !== null) {
            AtomicFile::write($target, (string)file_get_contents($source));
        }
        $this->sender->send(is_file($target) ? $target : null);
    }
}
