# The directories that services write to.

check() { verify; }

perform() {
  # shellcheck disable=SC2086
  mkdir -p $SHOP_WRITABLE
}

verify() {
  for directory in $SHOP_WRITABLE; do
    [ -d "$directory" ] || return 1
  done
}
