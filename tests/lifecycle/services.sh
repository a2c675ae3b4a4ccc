#!/bin/sh
# cron and consumers: one at a time, quiet while the shop is closed, gone on TERM.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

# A stand-in for bin/magento that writes down how it is called.
cat >bin/magento <<'PHP'
<?php
file_put_contents('calls', implode(' ', array_slice($argv, 1)) . ' wait=' . getenv('MAGENTO_DC_QUEUE__CONSUMERS_WAIT_FOR_MESSAGES') . "\n", FILE_APPEND);
if ($argv[1] === 'queue:consumers:list') {
    echo "first\nsecond\n";
}
exit(in_array('second', $argv, true) ? 4 : 0);
PHP
echo "<?php return ['queue' => ['amqp' => ['host' => 'rabbit']]];" >app/etc/env.php

start() { setsid sh "$lifecycle/$1" >log 2>&1 & }
until_calls() { for _ in 1 2 3 4 5 6 7 8 9 10; do [ "$(wc -l <calls)" -ge "$1" ] && return; sleep 0.5; done; }
stop() {
  kill -TERM $!
  code=0
  wait $! || code=$?
}

: >calls
mkdir -p var
: >var/.maintenance.flag
export SHOP_CONSUMERS_IDLE=1
start consumers
sleep 1.5
expect 'nothing runs while the shop is closed' "$(cat calls)" ''
rm var/.maintenance.flag
until_calls 3
stop
expect 'each consumer once, without waiting for messages' "$(head -3 calls)" 'queue:consumers:list wait=0
queue:consumers:start first --single-thread --max-messages=1000 wait=0
queue:consumers:start second --single-thread --max-messages=1000 wait=0'
contains 'a failure is one line' "$(head -1 log)" 'consumer second failed with exit code 4'
expect 'TERM ends it well' "$code" 0

: >calls
SHOP_CONSUMERS='only this' start consumers
until_calls 2
stop
expect 'named consumers only' "$(head -2 calls | cut -d' ' -f2)" 'only
this'

start cron
sleep 0.3
began=$(date +%s%3N)
stop
expect 'cron ends on TERM while it waits' "$code $([ $(($(date +%s%3N) - began)) -lt 1000 ] && echo soon)" '0 soon'
finish
