# What the runner, the services' commands and hooks share. Sourced by sh; makes no change by itself.
# The variables exist for tests; in a container the defaults hold.
: "${SHOP_APP:=/app}" "${SHOP_FILES:=/shop/files}" "${SHOP_STATE:=/shop/state}"
export SHOP_APP SHOP_FILES SHOP_STATE
lifecycle=$SHOP_FILES/lifecycle

# What is remembered from job to job. Without a state volume (a build in a cluster) it goes with the code.
memory=$SHOP_STATE/memory
[ -w "$memory" ] || memory=$SHOP_APP/var/shop

# Group 0 may write what services make. What root makes in its own project is opened path by path (50-rights.sh).
if [ "$(id -u)" -eq 0 ]; then umask 0022; else umask 0002; fi
if [ -n "${HOME:-}" ]; then
  mkdir -p "$HOME" || :
fi

# --- what is reported -------------------------------------------------------------------------------------------------

event() { printf '::shop::%s\n' "$1"; }

json_text() { printf '%s' "$*" | tr '\000-\037' ' ' | sed 's/[\\"]/\\&/g'; }

note() { event "{\"note\":\"$(json_text "$*")\"}"; }

warn() { event "{\"warn\":\"$(json_text "$*")\"}"; }

# Ends the hook. What happened, where, and the command that helps.
fail() {
  printf 'shop: %s\n' "$*" >&2
  exit 1
}

now_ms() { date +%s%3N; }

seconds_since() {
  set -- $(($(now_ms) - $1))
  printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000))
}

# --- beside plain docker compose --------------------------------------------------------------------------------------

# Two environments on the same files would overwrite each other. Those of `shop up` hold the project, and those of the
# docker-compose.yml of `shop export` their own directory, as long as one of their processes lives. Each asks for the lock
# of the other: here, and in compose's service `prepare`. Not every file system has locks.
composed=$SHOP_APP/.openshift/compose

alone() {
  [ -z "${SHOP_COMPOSE:-}" ] && [ -d "$composed" ] || return 0
  taken=0
  flock -n -E 99 "$composed" true 2>/dev/null || taken=$?
  [ "$taken" -ne 99 ] || fail "plain docker compose runs on these files. End it first: docker compose down"
}

hold() {
  held=$SHOP_APP
  [ -z "${SHOP_COMPOSE:-}" ] || held=$composed
  [ -r "$held" ] || return 0
  exec 9<"$held"
  flock -s 9 2>/dev/null || :
}

# --- memory -----------------------------------------------------------------------------------------------------------

# remember NAME [TEXT]: in one step, so that a kill leaves the old text or the new one.
remember() {
  mkdir -p "$memory"
  printf '%s' "${2:-}" >"$memory/.$1.$$"
  mv -f "$memory/.$1.$$" "$memory/$1"
}

remembers() { [ -e "$memory/$1" ]; }

# Whether NAME was remembered with this TEXT.
remembers_text() { [ -e "$memory/$1" ] && [ "$(cat "$memory/$1")" = "$2" ]; }

forget() { rm -f "$memory/$1"; }

# fingerprint WORD...: hash of these words and of the files listed on stdin, each ended by NUL.
fingerprint() {
  {
    printf '%s\n' "$@"
    LC_ALL=C sort -z | xargs -0 -r sha256sum
  } | sha256sum | cut -d' ' -f1
}

# files_of PATH... EXPRESSION: what find finds below those paths that exist, each ended by NUL.
files_of() { find -L "$@" -type f -print0 2>/dev/null || :; }

# --- the shop ---------------------------------------------------------------------------------------------------------

production() { [ "${MAGE_MODE:-}" = production ]; }

has_code() { [ -f bin/magento ] && [ -d app/etc ]; }

magento() { php bin/magento "$@"; }

# With secrets in its arguments: --password={secret:NAME}.
magento_with_secrets() { php "$lifecycle/magento.php" "$@"; }

# detached PROGRESS COMMAND...: a Magento command that must not reach for database, cache or any other service. It works on
# a copy of app/etc, left in $detached_etc, and with an empty cache of its own, so nothing stale gets into what it makes.
detached_etc=/tmp/shop-detached.$$/etc
detached() {
  rm -rf "${detached_etc%/etc}" var/shop-detached
  php "$lifecycle/detach.php" "${detached_etc%/etc}"
  kind=$1
  shift
  SHOP_DETACHED=${detached_etc%/etc} with_progress "$kind" php "$lifecycle/magento.php" "$@"
}

render_env() {
  if has_code && [ -f "$SHOP_FILES/env.json" ]; then
    if [ $# -eq 0 ] && remembers install.json; then
      set -- remembered
    fi
    php "$lifecycle/env.php" "$@"
  fi
}

database() { php "$lifecycle/database.php" "$@"; }

with_progress() { php "$lifecycle/progress.php" "$@"; }

# The shop answers 503 until maintenance_off. One that its owner closed stays closed.
maintenance_on() {
  if [ ! -e var/.maintenance.flag ]; then
    remember maintenance
    mkdir -p var
    : >var/.maintenance.flag
  fi
}

maintenance_off() {
  if remembers maintenance; then
    rm -f var/.maintenance.flag
    forget maintenance
  fi
}
