<?php

/**
 * Questions about the database, answered without Magento.
 *
 *   php database.php state       empty, foreign, unfinished, unrecorded or installed
 *   php database.php tables      the first tables, for a message
 *   php database.php holds TABLE none|some   exit code 0: the table is there, and has no rows or some
 *   php database.php disposable  exit code 0: no customer, order or admin user is in it
 *   php database.php indexers STATUS...    ids of the indexers with one of these states
 *   php database.php messages    number of queued messages that a consumer could take now, or unknown
 *
 * Exit code 1 is "no" for `holds` and `disposable`; everything else that goes wrong is 3.
 */

declare(strict_types=1);

namespace Shop;

require __DIR__ . '/php/load.php';

/** As MySQL's own queues number the states of a message: new, and to be tried again. */
const WAITING = 'status IN (2, 5)';

Failure::shownBy(static function () use ($argv): int {
    $database = new Database();
    if (($argv[1] ?? '') === 'holds') {
        [, , $table, $rows] = $argv;
        return $database->has($table) && $database->holds($table) === ($rows === 'some') ? 0 : 1;
    }
    $answer = match ($argv[1] ?? '') {
        'state' => [Installation::in($database)->value],
        'tables' => array_slice($database->tables(), 0, 5),
        'disposable' => array_filter(['customer_entity', 'sales_order', 'admin_user'], $database->holds(...)),
        'indexers' => $database->has('indexer_state')
            ? $database->values('indexer_state', 'indexer_id', "status IN ('" . implode("', '", array_slice($argv, 2)) . "')")
            : [],
        'messages' => [$database->has('queue_message_status')
            ? $database->count('queue_message_status', WAITING)
            : 'unknown'],
        default => throw new Failure('usage: php database.php state|tables|holds|disposable|indexers|messages'),
    };
    if ($argv[1] === 'disposable') {
        return $answer === [] ? 0 : 1;
    }
    echo implode(' ', $answer), "\n";
    return 0;
}, 3);
