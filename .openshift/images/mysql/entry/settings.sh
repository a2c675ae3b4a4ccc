# The official image's variables: MARIADB_NAME or MYSQL_NAME, or either with _FILE. Passwords are kept out of every
# command line and out of the environment of the server.

setting() {
  local name=$1 default=${2:-} prefix variable file
  for prefix in MARIADB MYSQL; do
    variable=${prefix}_$name
    file=${variable}_FILE
    if [ -n "${!variable:-}" ] && [ -n "${!file:-}" ]; then
      fail "both $variable and $file are set; leave one of them out"
    fi
    if [ -n "${!variable:-}" ]; then
      printf %s "${!variable}"
      return
    fi
    if [ -n "${!file:-}" ]; then
      [ -r "${!file}" ] || fail "$file names ${!file}, which $(id -u):$(id -g) cannot read"
      printf %s "$(<"${!file}")"
      return
    fi
  done
  printf %s "$default"
}

read_settings() {
  root_password=$(setting ROOT_PASSWORD)
  root_host=$(setting ROOT_HOST %)
  database=$(setting DATABASE)
  user=$(setting USER)
  user_password=$(setting PASSWORD)

  if [ -z "$root_password" ]; then
    if [ -n "$(setting RANDOM_ROOT_PASSWORD)" ]; then
      root_password=$(head -c 24 /dev/urandom | base64)
      say "GENERATED ROOT PASSWORD: $root_password"
    elif [ -z "$(setting ALLOW_EMPTY_ROOT_PASSWORD)$(setting ALLOW_EMPTY_PASSWORD)" ]; then
      fail "the database is empty and has no root password; set MARIADB_ROOT_PASSWORD_FILE (or MARIADB_ROOT_PASSWORD, or MARIADB_RANDOM_ROOT_PASSWORD=1)"
    fi
  fi
  if [ -n "$user" ] && [ -z "$user_password" ]; then
    fail "MARIADB_USER is $user, but there is no password for it; set MARIADB_PASSWORD_FILE or MARIADB_PASSWORD"
  fi
  if [ "$user" = root ]; then
    fail "MARIADB_USER cannot be root; root has MARIADB_ROOT_PASSWORD"
  fi
}

forget_passwords() {
  unset root_password user_password
  unset MARIADB_ROOT_PASSWORD MYSQL_ROOT_PASSWORD MARIADB_PASSWORD MYSQL_PASSWORD
}
