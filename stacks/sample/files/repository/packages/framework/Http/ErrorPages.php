<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

use Shopkeeper\Framework\App\Mode;
use Shopkeeper\Framework\App\Paths;
use Shopkeeper\Framework\Filesystem\AtomicFile;
use Shopkeeper\Framework\Log\Logger;
use Throwable;

/** Pages for when the application itself cannot make one. */
final class ErrorPages
{
    public function __construct(
        private readonly Paths $paths,
        private readonly Mode $mode,
    ) {
    }

    public function maintenance(): Response
    {
        return $this->page(503, 'Back in a moment', 'The shop is being looked after. Please try again in a few minutes.')
            ->header('Retry-After', '60');
    }

    public function notInstalled(): Response
    {
        return $this->page(503, 'Not installed yet', 'The shop waits for its installation. Run: bin/magento setup:install');
    }

    public function message(int $status, string $text): Response
    {
        return $this->page($status, 'The shop cannot work like this', $text);
    }

    public function failure(Throwable $e, Logger $log): Response
    {
        $id = hash('crc32b', $e->getMessage() . $e->getFile() . $e->getLine()) . bin2hex(random_bytes(4));
        $text = $e::class . ': ' . $e->getMessage() . "\n" . $e->getFile() . ':' . $e->getLine() . "\n" . $e->getTraceAsString();
        try {
            $log->exception($e);
            AtomicFile::write($this->paths->var('report/' . $id), $text);
        } catch (Throwable) {
            // The report of a full or read-only disk must not hide the error itself.
            error_log($text);
        }
        if ($this->mode->isDeveloper()) {
            return $this->page(500, 'Exception', $text);
        }
        return $this->page(500, 'There has been an error processing your request', 'Error log record number: ' . $id);
    }

    private function page(int $status, string $title, string $text): Response
    {
        ob_start();
        (static function (string $template, string $title, string $text): void {
            include $template;
        })($this->paths->pub('errors/page.phtml'), $title, $text);
        return new Response((string)ob_get_clean(), $status, [
            'Content-Type' => 'text/html; charset=utf-8',
            'Cache-Control' => 'no-store',
        ]);
    }
}
