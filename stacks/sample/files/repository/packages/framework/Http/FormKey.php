<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Http;

/**
 * The secret of a visitor's forms. It lives in a cookie of its own, so that a page from the full page cache can be
 * given to everybody: it holds a placeholder, and each visitor's key is put in while the page is sent.
 */
class FormKey
{
    public const NAME = 'form_key';
    public const PLACEHOLDER = '@form_key@';

    private ?string $fresh = null;

    public function field(): string
    {
        return '<input type="hidden" name="' . self::NAME . '" value="' . self::PLACEHOLDER . '">';
    }

    public function isValid(Request $request): bool
    {
        $cookie = (string)$request->cookie(self::NAME);
        $sent = $request->post(self::NAME) ?? $request->header('X-Form-Key');
        return $cookie !== '' && is_string($sent) && hash_equals($cookie, $sent);
    }

    public function fill(Request $request, Response $response): void
    {
        if (str_contains((string)$response->headerValue('Cache-Control'), 'public')) {
            // A cache in front will give this page to others. The shop's script puts the key in there.
            $response->body = str_replace(self::PLACEHOLDER, '', $response->body);
            return;
        }
        $key = $request->cookie(self::NAME);
        if ($key === null || !preg_match('/^[A-Za-z0-9]{16,64}$/', $key)) {
            $key = $this->fresh ??= bin2hex(random_bytes(16));
            $response->cookie(self::NAME, $key, ['secure' => $request->isSecure()]);
        }
        $response->body = str_replace(self::PLACEHOLDER, $key, $response->body);
    }
}
