<?php

declare(strict_types=1);

use Shopkeeper\Framework\App\Bootstrap;
use Shopkeeper\Framework\App\HealthCheck;

// Never through index.php: a shop in maintenance, or one whose code is ahead of its database, is alive.
try {
    require __DIR__ . '/../app/bootstrap.php';
    $report = (new Bootstrap(BP))->objectManager()->get(HealthCheck::class)->report();
} catch (Throwable $e) {
    $report = ['application' => $e->getMessage()];
}
$healthy = array_filter($report) === [];
http_response_code($healthy ? 200 : 500);
header('Content-Type: application/json');
header('Cache-Control: no-store');
echo json_encode([
    'status' => $healthy ? 'ok' : 'failed',
    'checks' => array_map(static fn (?string $problem) => $problem ?? 'ok', $report),
], JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES), "\n";
