# Indexes that are invalid are built: all of a new shop, some after an upgrade.

# An index that was being built when the job was killed stays "working" and would be skipped.
unbuilt() {
  if remembers indexing; then
    database indexers invalid working
  else
    database indexers invalid
  fi
}

check() {
  indexes=$(unbuilt) || exit $?
  [ -z "$indexes" ]
}

perform() {
  # shellcheck disable=SC2086
  ! remembers indexing || magento indexer:reset --no-ansi $indexes
  remember indexing
  # shellcheck disable=SC2086
  magento indexer:reindex --no-ansi $indexes
  forget indexing
}

verify() { check; }
