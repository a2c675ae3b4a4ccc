#!/bin/sh
# The installation of the Magento stack: what becomes of an empty database, by where its data is to come from.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

mkdir -p "$SHOP_FILES/hooks/install.d"
cp "$repository/stacks/magento2/hooks/install.d/10-shop.sh" "$SHOP_FILES/hooks/install.d/"
# Stand-ins: a database in the state that a file names, and an installer that fills it.
cat >"$lifecycle/database.php" <<'PHP'
<?php echo trim(file_get_contents(getenv('SHOP_STATE') . '/database'));
PHP
cat >"$lifecycle/progress.php" <<'PHP'
<?php file_put_contents(getenv('SHOP_STATE') . '/database', 'installed'); echo "installed a shop\n";
PHP
cat >"$lifecycle/env.php" <<'PHP'
<?php
PHP
export SHOP_DATABASE=magento SHOP_ADMIN_USER=a SHOP_ADMIN_EMAIL=a@b.c SHOP_LANGUAGE=en_US SHOP_CURRENCY=EUR SHOP_TIMEZONE=UTC

# install STATE [DATA]: its output and its exit code
install() {
  echo "$1" >"$SHOP_STATE/database"
  export SHOP_DATA="${2:-install}"
  code=0
  setsid -w sh "$lifecycle/run" install 2>&1 || code=$?
  echo "exit $code"
}

out=$(install empty)
contains 'an empty database becomes a shop' "$out" 'installed a shop'
contains 'and that is a good end' "$out" 'exit 0'

out=$(install empty dump)
contains 'not where the data comes from a dump' "$out" 'its data comes from a dump'
contains 'the command that brings it is named' "$out" 'shop mysql < dump.sql'
contains 'and it is a failure' "$out" 'exit 1'
expect 'nothing is installed' "$(cat "$SHOP_STATE/database")" empty

out=$(install installed dump)
contains 'with the data there, all is well' "$out" 'exit 0'
expect 'and nothing is installed over it' "$(echo "$out" | grep -c 'installed a shop')" 0
finish
