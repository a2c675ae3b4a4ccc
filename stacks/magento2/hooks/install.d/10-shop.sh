# An empty database becomes a shop; one whose installation was interrupted is installed to the end. Whatever else is in the
# database is left alone.

check() {
  state=$(database state) || exit $?
  [ "$state" = installed ]
}

perform() {
  case $state in
    empty)
      if [ "${SHOP_DATA:-install}" = dump ] && ! remembers installing; then
        fail "the database '$SHOP_DATABASE' is empty, and shop.yaml says that its data comes from a dump (settings: data).
Import it:  shop mysql < dump.sql
then:       shop up
For a new shop instead: settings: { data: install }"
      fi
      # A date of an earlier database would make Magento take this one for installed.
      render_env not-installed
      remember installing
      [ -z "${SHOP_DATABASE_ANNOUNCED:-}" ] ||
        note "$SHOP_DATABASE_ANNOUNCED: that is what the database calls itself, because Magento refuses versions it does not list"
      setup_install
      ;;
    unfinished)
      note 'the installation was interrupted: going on'
      render_env not-installed
      resume
      ;;
    unrecorded)
      note 'the database holds an installed shop that app/etc/env.php does not know of; nothing is installed'
      render_env installed
      ;;
    foreign)
      fail "the database '$SHOP_DATABASE' holds tables of something else: $(database tables) …
It is left alone. Give this shop another database (settings: database in shop.yaml), or empty that one."
      ;;
    *) fail "the database is in the unknown state '$state'." ;;
  esac
  forget installing
}

# A step that was cut in two may not be repeatable. Starting over is allowed where this installation began with an empty
# database and nobody's data has come into it since.
resume() {
  code=0
  setup_install || code=$?
  if [ "$code" -ne 0 ]; then
    remembers installing && database disposable || exit "$code"
    warn 'the interrupted installation cannot be ended: starting over with an empty database'
    setup_install --cleanup-database
  fi
}

# All that leads to services is in env.php already; what the version wants beside it is in setup-install, a line an argument.
setup_install() {
  with_progress install php "$lifecycle/magento.php" setup:install --no-interaction \
    --admin-user="$SHOP_ADMIN_USER" \
    --admin-password='{secret:admin-password}' \
    --admin-email="$SHOP_ADMIN_EMAIL" \
    --admin-firstname=Shop --admin-lastname=Admin \
    --language="$SHOP_LANGUAGE" --currency="$SHOP_CURRENCY" --timezone="$SHOP_TIMEZONE" \
    --use-rewrites=1 \
    $(cat "$SHOP_FILES/setup-install") \
    "$@"
}

verify() { [ "$(database state)" = installed ]; }
