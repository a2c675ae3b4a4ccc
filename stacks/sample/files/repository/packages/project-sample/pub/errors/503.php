<?php

declare(strict_types=1);

http_response_code(503);
header('Content-Type: text/html; charset=utf-8');
header('Cache-Control: no-store');
$title = 'Back in a moment';
$text = 'The shop is being looked after. Please try again in a few minutes.';
require __DIR__ . '/page.phtml';
