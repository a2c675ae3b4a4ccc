<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Static;

use Shopkeeper\Framework\App\Mode;
use Shopkeeper\Framework\Http\FileSender;

/** Behind pub/static.php: makes a static file at its first request. In production everything is there already. */
class StaticResource
{
    public function __construct(
        private readonly Mode $mode,
        private readonly Publisher $publisher,
        private readonly FileSender $sender,
    ) {
    }

    public function serve(string $resource): void
    {
        $resource = ltrim($resource, '/');
        $styles = $this->publisher->styles($resource);
        if ($styles !== null) {
            header('Content-Type: text/css');
            header('Cache-Control: no-cache');
            echo $styles;
            return;
        }
        $this->sender->send($this->mode->isProduction() ? null : $this->publisher->publish($resource));
    }
}
