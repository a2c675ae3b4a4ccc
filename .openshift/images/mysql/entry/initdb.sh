# Runs the files of /docker-entrypoint-initdb.d, once, against a server that only this container reaches. Its socket has a name of its own,
# so no probe takes it for the finished one.

initdb=/docker-entrypoint-initdb.d
initdb_socket=$sockets/init.sock

# For sourced *.sh files too, under the official image's name.
docker_process_sql() {
  local target=()
  if [ "${1:-}" = --database=mysql ]; then
    target=(--database=mysql)
    shift
  elif [ -n "$database" ]; then
    target=(--database="$database")
  fi
  MYSQL_PWD=$root_password mariadb --no-defaults --protocol=socket --socket="$initdb_socket" --user=root --comments "${target[@]}" "$@"
}

run_initdb_file() {
  say "running $1"
  case $1 in
    *.sh)
      if [ -x "$1" ]; then
        "$1"
      else
        . "$1"
      fi
      ;;
    *.sql) docker_process_sql < "$1" ;;
    *.sql.gz) gzip -dc "$1" | docker_process_sql ;;
    *) say "$1 is none of *.sh, *.sql, *.sql.gz: left alone" ;;
  esac
}

# run_initdb DATADIR ARGUMENT...
run_initdb() {
  local dir=$1 server deadline file
  shift
  [ -n "$(ls -A "$initdb" 2>/dev/null)" ] || return 0

  mariadbd "$@" --datadir="$dir" --skip-networking --socket="$initdb_socket" --pid-file="$sockets/init.pid" \
    --skip-log-bin --loose-innodb-buffer-pool-load-at-startup=0 &
  server=$!
  deadline=$((SECONDS + 300))
  until echo 'SELECT 1;' | docker_process_sql --database=mysql >/dev/null 2>&1; do
    kill -0 "$server" 2>/dev/null || fail "the server for $initdb ended; its last lines above say why"
    [ $SECONDS -lt $deadline ] || fail "the server for $initdb did not answer within 300 s"
    sleep 0.1
  done
  for file in "$initdb"/*; do
    run_initdb_file "$file"
  done
  kill -TERM "$server"
  wait "$server" || fail "the server for $initdb did not shut down cleanly"
}
