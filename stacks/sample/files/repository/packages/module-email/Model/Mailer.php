<?php

declare(strict_types=1);

namespace Shopkeeper\Email\Model;

use Shopkeeper\Framework\Config\ScopeConfigInterface;

/** Puts a message into its MIME form and hands it to the mail server of system/smtp. */
class Mailer
{
    public function __construct(
        private readonly ScopeConfigInterface $config,
        private readonly SmtpClient $client,
    ) {
    }

    public function isEnabled(): bool
    {
        return !$this->config->flag('system/smtp/disable') && (string)$this->config->get('system/smtp/host') !== '';
    }

    public function send(Message $message): void
    {
        $from = (string)$this->config->get('trans_email/ident_sales/email');
        $fromName = (string)$this->config->get('trans_email/ident_sales/name');
        $this->client->send($from, $message->to, $this->mime($message, $from, $fromName));
    }

    private function mime(Message $message, string $from, string $fromName): string
    {
        $boundary = bin2hex(random_bytes(12));
        $domain = substr(strrchr($from, '@') ?: '@localhost', 1);
        $lines = [
            'Date: ' . date('r'),
            'Message-ID: <' . bin2hex(random_bytes(16)) . '@' . $domain . '>',
            'From: ' . $this->address($from, $fromName),
            'To: ' . $this->address($message->to, $message->toName),
            'Subject: ' . $this->word($message->subject),
            'MIME-Version: 1.0',
            'Content-Type: multipart/alternative; boundary="' . $boundary . '"',
            '',
        ];
        foreach (['text/plain' => $message->text, 'text/html' => $message->html] as $type => $body) {
            array_push(
                $lines,
                '--' . $boundary,
                'Content-Type: ' . $type . '; charset=utf-8',
                'Content-Transfer-Encoding: base64',
                '',
                rtrim(chunk_split(base64_encode($body))),
                ''
            );
        }
        $lines[] = '--' . $boundary . '--';
        return implode("\r\n", $lines) . "\r\n";
    }

    private function address(string $email, string $name): string
    {
        return $name === '' ? $email : $this->word($name) . ' <' . $email . '>';
    }

    private function word(string $text): string
    {
        $text = trim(preg_replace('/[\r\n]+/', ' ', $text));
        return preg_match('/^[\x20-\x7e]*$/', $text) && !preg_match('/[",<>@:;]/', $text)
            ? $text
            : '=?UTF-8?B?' . base64_encode($text) . '?=';
    }
}
