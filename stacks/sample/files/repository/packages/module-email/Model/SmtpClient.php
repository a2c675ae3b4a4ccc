<?php

declare(strict_types=1);

namespace Shopkeeper\Email\Model;

use Shopkeeper\Framework\Config\ScopeConfigInterface;
use Shopkeeper\Framework\Encryption\Encryptor;

/** Speaks SMTP to the host of system/smtp, with STARTTLS and a password where they are asked for. */
class SmtpClient
{
    private const TIMEOUT = 5;

    public function __construct(
        private readonly ScopeConfigInterface $config,
        private readonly Encryptor $encryptor,
    ) {
    }

    public function send(string $from, string $to, string $data): void
    {
        $address = $this->setting('host') . ':' . ($this->setting('port') ?: '25');
        $secure = $this->setting('ssl');
        $socket = @stream_socket_client(($secure === 'ssl' ? 'ssl://' : 'tcp://') . $address, $code, $error, self::TIMEOUT);
        if ($socket === false) {
            throw new MailException(sprintf('The mail server %s is not reachable: %s', $address, $error));
        }
        stream_set_timeout($socket, self::TIMEOUT);
        try {
            $this->expect($socket, null, 220);
            $name = gethostname() ?: 'localhost';
            $this->expect($socket, 'EHLO ' . $name, 250);
            if ($secure === 'tls') {
                $this->expect($socket, 'STARTTLS', 220);
                if (!@stream_socket_enable_crypto($socket, true, STREAM_CRYPTO_METHOD_TLS_CLIENT)) {
                    throw new MailException(sprintf('The mail server %s offers no trusted TLS.', $address));
                }
                $this->expect($socket, 'EHLO ' . $name, 250);
            }
            if ($this->setting('username') !== '') {
                $this->expect($socket, 'AUTH LOGIN', 334);
                $this->expect($socket, base64_encode($this->setting('username')), 334);
                $this->expect($socket, base64_encode($this->encryptor->decrypt($this->setting('password'))), 235);
            }
            $this->expect($socket, 'MAIL FROM:<' . $this->mailbox($from) . '>', 250);
            $this->expect($socket, 'RCPT TO:<' . $this->mailbox($to) . '>', 250);
            $this->expect($socket, 'DATA', 354);
            $this->expect($socket, preg_replace('/^\./m', '..', rtrim($data, "\r\n")) . "\r\n.", 250);
            $this->expect($socket, 'QUIT', 221);
        } finally {
            fclose($socket);
        }
    }

    /** @param resource $socket */
    private function expect($socket, ?string $command, int $code): void
    {
        if ($command !== null && @fwrite($socket, $command . "\r\n") === false) {
            throw new MailException('The mail server closed the connection.');
        }
        do {
            $line = fgets($socket, 1024);
            if ($line === false) {
                throw new MailException('The mail server does not answer.');
            }
        } while (($line[3] ?? ' ') === '-');
        if ((int)$line !== $code) {
            throw new MailException('The mail server answered: ' . trim($line));
        }
    }

    private function mailbox(string $address): string
    {
        return filter_var($address, FILTER_VALIDATE_EMAIL) ?: throw new MailException(sprintf('"%s" is no mail address.', $address));
    }

    private function setting(string $name): string
    {
        return (string)$this->config->get('system/smtp/' . $name);
    }
}
