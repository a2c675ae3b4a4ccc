<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

class FileSender
{
    private const TYPES = [
        'css' => 'text/css', 'js' => 'application/javascript', 'json' => 'application/json', 'svg' => 'image/svg+xml',
        'png' => 'image/png', 'jpg' => 'image/jpeg', 'jpeg' => 'image/jpeg', 'gif' => 'image/gif', 'webp' => 'image/webp',
        'ico' => 'image/x-icon', 'woff2' => 'font/woff2', 'html' => 'text/html', 'txt' => 'text/plain', 'webmanifest' => 'application/manifest+json',
    ];

    public function send(?string $file): void
    {
        $type = self::TYPES[strtolower(pathinfo((string)$file, PATHINFO_EXTENSION))] ?? null;
        if ($file === null || $type === null) {
            http_response_code(404);
            header('Content-Type: text/plain; charset=utf-8');
            echo "Not found\n";
            return;
        }
        header('Content-Type: ' . $type);
        header('Content-Length: ' . filesize($file));
        header('Cache-Control: public, max-age=31536000');
        readfile($file);
    }
}
