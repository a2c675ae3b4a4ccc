# What the images that carry MariaDB clients share.

# Each of MariaDB's rarely used clients is another five megabytes of the same library.
without_rare_mariadb_clients() {
  for name in binlog conv import plugin show slap tzinfo-to-sql waitpid; do
    leave_out "/usr/bin/mariadb-$name"
  done
  leave_out /usr/bin/perror /usr/bin/replace /usr/bin/resolve_stack_dump /usr/bin/innotop /usr/bin/mytop
}

# The names that scripts written for MySQL call.
mysql_names() {
  ln -sf mariadb /usr/bin/mysql
  ln -sf mariadb-dump /usr/bin/mysqldump
  ln -sf mariadb-admin /usr/bin/mysqladmin
}
