# The first start. Everything is made in a subdirectory and renamed when complete:
#
#   .init      being made; a start that finds it throws it away and begins again
#   .ready     complete; a start that finds it moves what is left of it into place, the directory `mysql` last
#   mysql      in place: initialised; from then on nothing here is ever removed

making=$data/.init
ready=$data/.ready

is_initialised() { [ -d "$data/mysql" ] && [ ! -e "$ready" ]; }

# What may lie in a volume that nobody used.
foreign_entries() {
  find "$data" -mindepth 1 -maxdepth 1 ! -name lost+found ! -name .init ! -name .ready ! -name '.nfs*' ! -name .snapshot
}

move_into_place() {
  local entry
  while IFS= read -r -d '' entry; do
    mv -T "$entry" "$data/${entry##*/}"
  done < <(find "$ready" -mindepth 1 -maxdepth 1 ! -name mysql -print0)
  if [ -e "$ready/mysql" ]; then
    mv -T "$ready/mysql" "$data/mysql"
  fi
  rmdir "$ready"
}

# make_system_tables ACCOUNTS ARGUMENT...: MariaDB before 10.6 takes no statements of our own along, so there the server
# starts once more for them.
make_system_tables() {
  local accounts=$1 extra=()
  shift
  if mariadb-install-db --help | grep -q -e '--extra-file'; then
    extra=(--extra-file="$accounts")
  fi
  mariadb-install-db "$@" --datadir="$making" --skip-test-db --auth-root-authentication-method=normal \
    "${extra[@]}" --skip-log-bin || return
  if [ ${#extra[@]} -eq 0 ]; then
    mariadbd "$@" --datadir="$making" --bootstrap --skip-log-bin < "$accounts"
  fi
}

# first_start ARGUMENT...
first_start() {
  local accounts=$sockets/accounts.sql lock
  if [ ! -w "$data" ]; then
    fail "$data is not writable for $(id -u):$(id -g), groups $(id -G); it should be root:0 with mode 2775"
  fi
  # Another container that still starts on the same volume finishes first; the server holds a lock of its own.
  exec {lock}< "$data"
  flock -w 300 "$lock" || fail "another container has been initialising $data for 300 s; stop it and start again"
  if is_initialised; then
    return
  fi
  if [ -e "$ready" ]; then
    say "finishing an interrupted first start"
    move_into_place
    return
  fi
  if [ -n "$(foreign_entries)" ]; then
    fail "$data holds files but no system tables ($(foreign_entries | head -n 3 | tr '\n' ' ')): this is a damaged or foreign data directory, and nothing in it was touched; restore it from a backup or start with an empty volume"
  fi
  if [ -e "$making" ]; then
    say "an earlier first start was interrupted; beginning again"
    rm -rf "$making"
  fi
  read_settings

  say "initialising $data"
  mkdir "$making"
  (umask 077 && accounts_sql > "$accounts")
  make_system_tables "$accounts" "$@" > "$sockets/install.log" 2>&1 ||
    { cat "$sockets/install.log" >&2; fail "the system tables could not be created; the lines above say why"; }
  rm -f "$accounts" "$sockets/install.log"
  run_initdb "$making" "$@"

  find "$making" -type f -exec sync {} +
  mv -T "$making" "$ready"
  move_into_place
  say "initialised"
}
