<?php

declare(strict_types=1);

http_response_code(404);
header('Content-Type: text/html; charset=utf-8');
header('Cache-Control: no-store');
$title = 'Not found';
$text = 'There is nothing at this address.';
require __DIR__ . '/page.phtml';
