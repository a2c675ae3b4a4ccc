# Schema and data of the database follow the code.

# Sets `answer` and returns what setup:db:status does: 0 up to date, 2 behind.
status() {
  code=0
  answer=$(magento setup:db:status --no-ansi 2>&1) || code=$?
  case $code in
    0 | 2) return "$code" ;;
    # Magento gives 1 for "not installed" and for every other error; the usual one is a database that does not answer.
    *)
      database state >/dev/null || exit $?
      fail "bin/magento setup:db:status failed with exit code $code: $answer"
      ;;
  esac
}

check() { status; }

perform() {
  printf '%s\n' "$answer"
  maintenance_on
  if production; then
    # Compiled code is of this version already.
    magento setup:upgrade --keep-generated --no-interaction --no-ansi
  else
    magento setup:upgrade --no-interaction --no-ansi
  fi
}

# Some schemas are never reached (a declaration that this version of the database stores in another way), so what
# setup:db:status says after a good upgrade is not an error.
verify() {
  status || warn "setup:db:status still asks for an upgrade after setup:upgrade ended well: $answer"
}
