#!/bin/sh
# The phase runner: order, skipping, failures, memory, signals.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

# hook PHASE NAME BODY
hook() {
  mkdir -p "$SHOP_FILES/hooks/$1.d"
  printf '%s\n' "$3" >"$SHOP_FILES/hooks/$1.d/$2.sh"
}

# The runner ends its whole process group, so it gets one of its own.
run() { setsid -w sh "$lifecycle/run" "$@" 2>&1; }

# Without times.
steps() { sed -n 's/"seconds":[0-9.]*/"seconds":S/; s/^::shop:://p'; }

hook build 10-first 'check() { [ -e made ]; }
perform() { echo working; note "say \"hi\""; : >made; }
verify() { [ -e made ]; }'
hook build 20-second 'check() { return 0; }
perform() { echo never; }
verify() { :; }'
hook build other 'exit 9'

out=$(run build)
expect 'steps in order' "$(echo "$out" | steps)" '{"step":"10-first","state":"started"}
{"note":"say \"hi\""}
{"step":"10-first","state":"done","seconds":S}
{"step":"20-second","state":"started"}
{"step":"20-second","state":"skipped","seconds":S}'
contains 'output passes through' "$out" working
expect 'a good end is remembered' "$(sed 's/T[0-9:]*Z/T/' "$SHOP_STATE/memory/build.json")" "{\"finished\":\"$(date -u +%Y-%m-%d)T\"}"
expect 'that something changed, too' "$([ -e "$SHOP_STATE/memory/changed" ] && echo yes)" yes
expect 'the second run skips' "$(run build | steps | sed -n 2p)" '{"step":"10-first","state":"skipped","seconds":S}'
run nothing
expect 'a phase without hooks ends well' "$?" 0
hook covered 10-parents ''
expect 'an empty hook does nothing' "$(run covered | steps)" '{"step":"10-parents","state":"started"}
{"step":"10-parents","state":"skipped","seconds":S}'

hook broken 10-fails 'check() { return 1; }
perform() { false; echo "went on"; }
verify() { :; }'
hook broken 20-never 'check() { echo never; }'
code=0
out=$(run broken) || code=$?
expect 'a failing command ends the phase with its code' "$code" 1
expect 'and nothing after it runs' "$(echo "$out" | grep -c 'went on\|never')" 0
contains 'the hook is named' "$out" 'shop: broken/10-fails failed with exit code 1'
expect 'the step fails' "$(echo "$out" | steps | tail -1)" '{"step":"10-fails","state":"failed","seconds":S,"exit":1}'
expect 'nothing is remembered' "$([ -e "$SHOP_STATE/memory/broken.json" ] || echo none)" none

hook unverified 10-lies 'check() { return 1; }
perform() { :; }
verify() { return 1; }'
contains 'a result that is not there is an error' "$(run unverified || :)" 'its result is not there'

hook slow 10-sleeps 'check() { return 1; }
perform() { sh -c "echo \$\$ >child; exec sleep 60"; }
verify() { :; }'
setsid sh "$lifecycle/run" slow >/dev/null 2>&1 &
runner=$!
while [ ! -s child ]; do sleep 0.05; done
began=$(date +%s%3N)
kill -TERM "$runner"
code=0
wait "$runner" || code=$?
expect 'TERM ends the runner' "$code" 143
expect 'at once' "$([ $(($(date +%s%3N) - began)) -lt 1000 ] && echo yes)" yes
# A process that only waits to be reaped has ended.
expect 'with all that it started' "$(ps -o stat= -p "$(cat child)" | grep -v ^Z || echo gone)" gone

mkdir -p "$SHOP_FILES/hooks/start.d"
hook start 10-quick 'check() { return 1; }
perform() { : >started; }
verify() { [ -e started ]; }'
expect 'start runs its hooks quietly, then the command' "$(sh "$lifecycle/start" echo "two words")" 'two words'
expect 'its hook ran' "$([ -e started ] && echo yes)" yes
sh "$lifecycle/start" sleep 30 &
holder=$!
until ! flock -n "$SHOP_APP" true; do sleep 0.05; done
expect 'what it started holds the project' "$(flock -n "$SHOP_APP" true && echo free || echo held)" held
expect 'many may' "$(timeout 5 sh "$lifecycle/start" echo yes)" yes
kill "$holder"
wait "$holder" 2>/dev/null || :
expect 'until it ends' "$(flock -n "$SHOP_APP" true && echo free || echo held)" free
mkdir -p "$SHOP_APP/.openshift/compose"
SHOP_COMPOSE=1 sh "$lifecycle/start" sleep 30 &
holder=$!
until ! flock -n "$SHOP_APP/.openshift/compose" true; do sleep 0.05; done
expect 'compose keeps others out' "$(sh "$lifecycle/start" echo yes 2>&1)" \
  'shop: plain docker compose runs on these files. End it first: docker compose down'
expect 'and phases' "$(run build)" 'shop: plain docker compose runs on these files. End it first: docker compose down'
kill "$holder"
wait "$holder" 2>/dev/null || :
expect 'until it ends' "$(timeout 5 sh "$lifecycle/start" echo yes)" yes
SHOP_COMPOSE=1 sh "$lifecycle/start" sh -c "flock -n '$SHOP_APP' true && echo free" >compose
expect 'what compose started does not' "$(cat compose)" free
finish
