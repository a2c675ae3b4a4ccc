# The SQL that turns fresh system tables into the database that was asked for. One statement a line: the server's
# bootstrap mode takes the end of a line as the end of a statement.

sql_string() {
  local text=$1
  text=${text//\\/\\\\}
  text=${text//\'/\\\'}
  text=${text//$'\n'/\\n}
  printf "'%s'" "$text"
}

sql_name() { printf '`%s`' "${1//\`/\`\`}"; }

# In a GRANT the name of a database is a pattern.
sql_pattern() { local name=${1//_/\\_}; sql_name "${name//%/\\%}"; }

accounts_sql() {
  local name
  echo "SET SESSION sql_mode = '';"
  # The installer adds accounts without password, one of them for the name this container happens to have.
  echo "DELETE FROM mysql.global_priv WHERE User = '' OR Host <> 'localhost';"
  echo "DELETE FROM mysql.proxies_priv WHERE Host <> 'localhost';"
  echo "FLUSH PRIVILEGES;"
  echo "ALTER USER 'root'@'localhost' IDENTIFIED BY $(sql_string "$root_password");"
  if [ "$root_host" != localhost ]; then
    name="'root'@$(sql_string "$root_host")"
    echo "CREATE OR REPLACE USER $name IDENTIFIED BY $(sql_string "$root_password");"
    echo "GRANT ALL ON *.* TO $name WITH GRANT OPTION;"
  fi
  if [ -n "$database" ]; then
    echo "CREATE DATABASE IF NOT EXISTS $(sql_name "$database");"
  fi
  if [ -n "$user" ]; then
    name="$(sql_string "$user")@'%'"
    echo "CREATE OR REPLACE USER $name IDENTIFIED BY $(sql_string "$user_password");"
    if [ -n "$database" ]; then
      echo "GRANT ALL ON $(sql_pattern "$database").* TO $name;"
    fi
  fi
}
