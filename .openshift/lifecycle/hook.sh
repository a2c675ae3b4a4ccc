# Running hooks. Each is a file that defines `check` (0: nothing to do), `perform` and `verify` (0: it is so). An empty one
# does nothing.
# Sourced after lib.sh, with `phase` set. Names that a hook must not use for its own: phase, step, step_began, lifecycle, memory.

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
  step=$(basename "$1" .sh) step_began=$(now_ms)
  step_event "$step" started
  check() { :; }
  perform() { :; }
  verify() { :; }
  # shellcheck disable=SC1090
  . "$1"
  if check; then
    step_event "$step" skipped "\"seconds\":$(seconds_since "$step_began")"
    exit 0
  fi
  # Caches then hold things from before. Said first, so that a kill does not lose it.
  # shellcheck disable=SC2154
  case $phase in start | ready) ;; *) remember changed ;; esac
  perform
  verify || fail "$phase/$step ended without an error, and yet its result is not there."
  step_event "$step" 'done' "\"seconds\":$(seconds_since "$step_began")"
}
