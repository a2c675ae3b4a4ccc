<?php

declare(strict_types=1);

namespace Shopkeeper\Framework\Redis;

/** Speaks RESP over one socket, so no PHP extension is needed. Connects at the first command. */
class Client
{
    /** @var resource|null */
    private $socket = null;

    public function __construct(
        private readonly string $host,
        private readonly int $port = 6379,
        private readonly int $database = 0,
        private readonly string $password = '',
        private readonly float $timeout = 2.5,
    ) {
    }

    public function command(string ...$parts): mixed
    {
        return $this->pipeline([$parts])[0];
    }

    /**
     * Sends several commands at once and returns their answers.
     *
     * @param array<int, string[]> $commands
     */
    public function pipeline(array $commands): array
    {
        if ($commands === []) {
            return [];
        }
        $this->connect();
        $this->send($commands);
        $answers = array_map(fn () => $this->receive(), $commands);
        foreach ($answers as $answer) {
            if ($answer instanceof RedisException) {
                throw $answer;
            }
        }
        return $answers;
    }

    public function close(): void
    {
        if ($this->socket !== null) {
            fclose($this->socket);
            $this->socket = null;
        }
    }

    private function connect(): void
    {
        if ($this->socket !== null) {
            return;
        }
        $address = str_starts_with($this->host, '/') ? 'unix://' . $this->host : 'tcp://' . $this->host . ':' . $this->port;
        $socket = @stream_socket_client($address, $code, $message, $this->timeout);
        if ($socket === false) {
            throw new RedisException(sprintf('Redis on %s is not reachable: %s', $address, $message));
        }
        stream_set_timeout($socket, (int)$this->timeout, (int)(fmod($this->timeout, 1) * 1e6));
        $this->socket = $socket;
        $hello = [];
        if ($this->password !== '') {
            $hello[] = ['AUTH', $this->password];
        }
        if ($this->database !== 0) {
            $hello[] = ['SELECT', (string)$this->database];
        }
        $this->send($hello);
        foreach ($hello as $ignored) {
            $answer = $this->receive();
            if ($answer instanceof RedisException) {
                $this->close();
                throw $answer;
            }
        }
    }

    private function send(array $commands): void
    {
        $data = '';
        foreach ($commands as $parts) {
            $data .= '*' . count($parts) . "\r\n";
            foreach ($parts as $part) {
                $data .= '$' . strlen($part) . "\r\n" . $part . "\r\n";
            }
        }
        for ($sent = 0, $length = strlen($data); $sent < $length; $sent += $written) {
            $written = @fwrite($this->socket, substr($data, $sent));
            if ($written === false || $written === 0) {
                $this->broken('does not take commands');
            }
        }
    }

    private function receive(): mixed
    {
        $line = fgets($this->socket);
        if ($line === false) {
            $this->broken('does not answer');
        }
        $value = substr($line, 1, -2);
        switch ($line[0]) {
            case '+':
                return $value;
            case '-':
                return new RedisException('Redis answered: ' . $value);
            case ':':
                return (int)$value;
            case '$':
                return $value === '-1' ? null : $this->bytes((int)$value);
            case '*':
                if ($value === '-1') {
                    return null;
                }
                $items = [];
                for ($i = 0; $i < (int)$value; $i++) {
                    $items[] = $this->receive();
                }
                return $items;
            default:
                $this->broken('does not speak its protocol');
        }
    }

    private function bytes(int $length): string
    {
        $data = '';
        while (strlen($data) < $length + 2) {
            $chunk = fread($this->socket, $length + 2 - strlen($data));
            if ($chunk === false || $chunk === '') {
                $this->broken('stopped in the middle of an answer');
            }
            $data .= $chunk;
        }
        return substr($data, 0, -2);
    }

    private function broken(string $what): never
    {
        $this->close();
        throw new RedisException(sprintf('Redis on %s:%d %s.', $this->host, $this->port, $what));
    }
}
