# vendor/ holds what composer.lock names, with the project's patches applied (by a composer plugin) and the files that
# packages put into the root of the shop.

# There while composer works, with the state of vendor before: what composer leaves when it is killed looks complete to
# itself.
mark=vendor/.shop-incomplete
patches=vendor/.shop-patches

patches_now() { [ ! -d patches ] || files_of patches | fingerprint; }

patches_then() { cat "$patches" 2>/dev/null || :; }

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
  if ! php "$lifecycle/packages.php" check || [ ! -f vendor/autoload.php ] || [ "$(patches_then)" != "$(patches_now)" ]; then
    install
  fi
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
  [ ! -e "$mark" ] && [ -f vendor/autoload.php ] && [ "$(patches_then)" = "$(patches_now)" ] && has_code &&
    php "$lifecycle/packages.php" check >/dev/null
}
