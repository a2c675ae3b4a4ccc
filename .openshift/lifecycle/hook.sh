# Running hooks. Each is a file that defines `check` (0: nothing to do), `perform` and `verify` (0: it is so).
# Sourced after lib.sh, with `phase` set.

# hooks_of PHASE: its files in order, one a line.
hooks_of() {
  for hook in "$SHOP_FILES/hooks/$1.d"/[0-9][0-9]-*.sh; do
    [ ! -e "$hook" ] || printf '%s\n' "$hook"
  done
}

# step_event NAME STATE [MEMBERS]
step_event() { event "{\"step\":\"$1\",\"state\":\"$2\"${3:+,$3}}"; }

# Runs one hook in this shell, which ends with it.
run_hook() {
  hook=$1 name=$(basename "$1" .sh) began=$(now_ms)
  step_event "$name" started
  # shellcheck disable=SC1090
  . "$hook"
  if check; then
    step_event "$name" skipped "\"seconds\":$(seconds_since "$began")"
    exit 0
  fi
  # Caches then hold things from before. Said first, so that a kill does not lose it.
  case $phase in start | ready) ;; *) remember changed ;; esac
  perform
  # shellcheck disable=SC2154
  verify || fail "$phase/$name ended without an error, and yet its result is not there."
  step_event "$name" 'done' "\"seconds\":$(seconds_since "$began")"
}
