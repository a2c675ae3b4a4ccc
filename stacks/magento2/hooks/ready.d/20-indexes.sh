# Indexes that are invalid are built: all of a new shop, some after an upgrade.

# An index that was being built when the job was killed stays "working" and would be skipped.
stuck() { ! remembers indexing || database indexers working; }

check() {
  indexes=$(database indexers invalid && stuck) || exit $?
  [ -z "$(printf '%s' "$indexes" | tr -d '\n')" ]
}

perform() {
  stopped=$(stuck)
  # shellcheck disable=SC2086
  [ -z "$stopped" ] || magento indexer:reset --no-ansi $stopped
  remember indexing
  # Building one may make another one invalid.
  for _ in 1 2; do
    invalid=$(database indexers invalid)
    [ -n "$invalid" ] || break
    # shellcheck disable=SC2086
    magento indexer:reindex --no-ansi $invalid
  done
  forget indexing
}

verify() {
  indexes=$(database indexers invalid)
  [ -z "$indexes" ] || warn "these indexes are invalid again: $indexes"
}
