<?php
// Stands in for the host's SSH agent while one command runs: listens on a socket that only its own user can reach, and
// passes each question of a client on to shop, which asks the host's agent. Run by shop as: php -r CODE DIRECTORY.
// Both ways on standard input and output: id of the client (4 bytes, big endian), length (4 bytes), message; 0 is no
// client: the first such message in is the host's known_hosts, the first one out says that the socket is there.
$directory = $argv[1];
umask(0077);
mkdir($directory) || exit(73);

function take($stream, int $length): ?string {
    $data = '';
    while (strlen($data) < $length) {
        $part = fread($stream, $length - strlen($data));
        if ($part === false || $part === '') {
            return null;
        }
        $data .= $part;
    }
    return $data;
}

function give(int $id, string $message): void {
    fwrite(STDOUT, pack('NN', $id, strlen($message)) . $message);
    fflush(STDOUT);
}

$server = stream_socket_server("unix://$directory/socket") ?: exit(73);
$clients = [];
$last = 0;
while (true) {
    $read = [STDIN, $server, ...array_values($clients)];
    $none = null;
    if (stream_select($read, $none, $none, null) === false) {
        break;
    }
    foreach ($read as $stream) {
        if ($stream === STDIN) {
            $head = take(STDIN, 8);
            $body = $head === null ? null : take(STDIN, unpack('N', $head, 4)[1]);
            if ($body === null) {
                break 2;
            }
            $id = unpack('N', $head)[1];
            if ($id === 0) {
                file_put_contents("$directory/known_hosts", $body);
                give(0, '');
            } elseif (isset($clients[$id])) {
                // One that has gone without waiting for its answer is seen to have ended below.
                @fwrite($clients[$id], pack('N', strlen($body)) . $body);
            }
        } elseif ($stream === $server) {
            $client = stream_socket_accept($server, 0);
            if ($client !== false) {
                $clients[++$last] = $client;
            }
        } else {
            $id = array_search($stream, $clients, true);
            $head = take($stream, 4);
            $message = $head === null ? null : take($stream, unpack('N', $head)[1]);
            if ($message === null) {
                unset($clients[$id]);
                fclose($stream);
            }
            give($id, $message ?? '');
        }
    }
}
foreach (['socket', 'known_hosts'] as $name) {
    @unlink("$directory/$name");
}
rmdir($directory);
