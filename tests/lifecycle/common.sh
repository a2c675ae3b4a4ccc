# shellcheck shell=sh
# A shop in a directory of its own: the lifecycle and hooks of the repository over a stand-in for /app and /shop.
# Sourced by the tests here; each is `sh tests/lifecycle/NAME.sh` and needs sh, php, util-linux and procps.
set -eu
repository=$(cd "$(dirname "$0")/../.." && pwd)

if ! command -v php >/dev/null; then
  echo "$(basename "$0"): not run, php is missing"
  [ "${CI:-}" != true ] || exit 1
  exit 0
fi

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export SHOP_APP="$place/app" SHOP_FILES="$place/files" SHOP_HOST="$place/host" SHOP_STATE="$place/state" HOME="$place/home"
export MAGE_MODE=developer
mkdir -p "$SHOP_APP/bin" "$SHOP_APP/app/etc" "$SHOP_FILES/hooks" "$SHOP_HOST" "$SHOP_STATE/memory" "$SHOP_STATE/secrets"
cp -R "$repository/.openshift/lifecycle" "$SHOP_FILES/lifecycle"
# shellcheck disable=SC2034
lifecycle=$SHOP_FILES/lifecycle
cd "$SHOP_APP"

failures=0

# expect WHAT GOT WANTED
expect() {
  if [ "$2" = "$3" ]; then
    printf 'ok   %s\n' "$1"
  else
    printf 'FAIL %s\n     got:    %s\n     wanted: %s\n' "$1" "$2" "$3"
    failures=$((failures + 1))
  fi
}

# contains WHAT TEXT PART
contains() {
  case $2 in
    *"$3"*) printf 'ok   %s\n' "$1" ;;
    *) expect "$1" "$2" "…$3…" ;;
  esac
}

finish() { [ "$failures" -eq 0 ] || exit 1; }
