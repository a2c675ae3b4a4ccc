# For commands of services that do something again and again. Sourced after lib.sh.

# On TERM what runs gets TERM too, and as long as the container's grace lasts. Everything here is in the process group
# that tini made, also what Magento sends to the background.
stop() {
  trap '' TERM INT
  kill -TERM 0
  wait || :
  exit 0
}
trap stop TERM INT

# A shell waits for its child before it looks at a signal, so children run in the background and are waited for.
in_background() {
  "$@" &
  wait $!
}

nap() { in_background sleep "$1"; }

# While the shop is closed its database may be half-way between two versions of the code.
is_open() { has_code && [ ! -e var/.maintenance.flag ]; }
