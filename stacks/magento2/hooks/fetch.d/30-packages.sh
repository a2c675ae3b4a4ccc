# vendor/ holds what composer.lock names, with the project's patches and the files that packages put into the root of the
# shop. A composer plugin puts patches on when it installs their package, and sees no reason to when only the patch is
# another one, after a switch of the branch say: so those packages are installed again. Patches of m2-hotfixes nobody else
# puts on.

# There while composer works, with the state of vendor before: what composer leaves when it is killed looks complete to
# itself.
mark=vendor/.shop-incomplete
patches=vendor/.shop-patches

patches_now() { php "$lifecycle/patches.php" now; }

patches_then() { cat "$patches" 2>/dev/null || :; }

same_patches() { [ "$(patches_then)" = "$(patches_now)" ]; }

check() {
  [ -f composer.json ] || return 0
  verify
}

perform() {
  if [ -e "$mark" ] && [ "$(cat "$mark")" != "$(state_of_vendor)" ]; then
    warn 'composer was interrupted here before; vendor is made again'
    rm -rf vendor
  fi
  mkdir -p vendor
  rm -f "$mark"
  php "$lifecycle/keys.php"
  if ! php "$lifecycle/packages.php" check || [ ! -f vendor/autoload.php ]; then
    install
  fi
  if [ -e "$patches" ] && ! same_patches; then
    install_again "$(php "$lifecycle/patches.php" changed "$patches")"
  fi
  php "$lifecycle/patches.php" apply
  # Composer's plugin puts them there only in the run that installs their package.
  if ! has_code; then
    php "$lifecycle/packages.php" place
    has_code || fail 'bin/magento or app/etc is missing, and no package of composer.lock puts it there: restore it from git.'
  fi
  patches_now >"$patches"
}

install() {
  php "$lifecycle/repositories.php"
  if production; then
    guarded composer install --no-interaction --no-ansi --no-progress --no-dev --optimize-autoloader
  else
    guarded composer install --no-interaction --no-ansi --no-progress
  fi
}

# install_again PACKAGE...: those of them that the lock still names.
install_again() {
  # shellcheck disable=SC2046,SC2086
  set -- $(php "$lifecycle/packages.php" installed $1)
  [ $# -gt 0 ] || return 0
  note "patches changed, so these packages are installed again: $*"
  php "$lifecycle/repositories.php"
  guarded composer reinstall --no-interaction --no-ansi --no-progress "$@"
}

# One that fails before it changed anything (no network, no key) may just be run again.
guarded() {
  before=$(state_of_vendor) code=0
  printf '%s\n' "$before" >"$mark"
  with_progress composer "$@" || code=$?
  if [ "$code" -eq 0 ] || [ "$(state_of_vendor)" = "$before" ]; then
    rm -f "$mark"
  fi
  [ "$code" -eq 0 ] || exit "$code"
}

state_of_vendor() { find vendor -mindepth 1 -maxdepth 2 ! -path "$mark" -printf '%p %T@\n' | LC_ALL=C sort | sha256sum; }

verify() {
  [ ! -e "$mark" ] && [ -f vendor/autoload.php ] && same_patches && has_code &&
    php "$lifecycle/packages.php" check >/dev/null
}
