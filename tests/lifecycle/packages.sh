#!/bin/sh
# What packages bring, and the repositories that they come from.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

# --- files for the root of the shop -----------------------------------------------------------------------------------

rm -r bin app
base=vendor/magento/magento2-base
mkdir -p "$base/bin" "$base/app/etc" "$base/pub/errors/default" vendor/composer app/etc
for file in bin/magento app/bootstrap.php app/etc/di.xml pub/index.php pub/errors/default/404.phtml; do
  echo theirs >"$base/$file"
done
echo mine >app/bootstrap.php
# As git leaves the package: without its empty directory, which comes before most files of the map.
cat >vendor/composer/installed.json <<'JSON'
{"dev":true,"packages":[{"name":"magento/magento2-base","version":"1","type":"magento2-component",
 "install-path":"../magento/magento2-base","extra":{"map":[["app/bootstrap.php","app/bootstrap.php"],
 ["app/design/frontend/Magento","app/design/frontend/Magento"],["CHANGELOG.md","CHANGELOG.md"],["app/etc","app/etc"],
 ["bin/magento","bin/magento"],["pub/index.php","pub/index.php"],["pub/errors","pub/errors"]],
 "chmod":[{"mask":"0755","path":"bin/magento"}]}}]}
JSON
place() { php "$lifecycle/packages.php" place; }
place
expect 'files for the root come there' "$(cat bin/magento app/etc/di.xml pub/index.php pub/errors/default/404.phtml | sort -u)" theirs
expect 'own files stay' "$(cat app/bootstrap.php)" mine
expect 'a directory that git lost is made' "$([ -d app/design/frontend/Magento ] && echo made)" made
expect 'a file that the package lacks is not' "$([ -e CHANGELOG.md ] || echo missing)" missing
expect 'modes are as the package says' "$(stat -c %a bin/magento)" 755
expect 'Magento is told where vendor is' "$(php -r 'echo include "app/etc/vendor_path.php";')" ./vendor
echo mine >pub/index.php
place
expect 'again: nothing to do' "$(cat pub/index.php)" mine

# --- repositories and their keys --------------------------------------------------------------------------------------

mkdir "$place/mirror"
cat >"$place/mirror/router.php" <<'PHP'
<?php
$right = 'Basic ' . base64_encode('user:right');
http_response_code(str_starts_with($_SERVER['REQUEST_URI'], '/open/') || ($_SERVER['HTTP_AUTHORIZATION'] ?? '') === $right ? 200 : 401);
echo '{}';
PHP
port=$(php -r '$socket = stream_socket_server("tcp://127.0.0.1:0"); echo explode(":", stream_socket_get_name($socket, false))[1];')
php -S "127.0.0.1:$port" "$place/mirror/router.php" >"$place/mirror/log" 2>&1 &
trap 'kill $! 2>/dev/null; rm -rf "$place"' EXIT
tries=0
until php -r "exit(@fsockopen('127.0.0.1', $port) ? 0 : 1);" || [ "$tries" -eq 50 ]; do
  sleep 0.1
  tries=$((tries + 1))
done
host=127.0.0.1:$port
repositories() { php "$lifecycle/repositories.php" "$@" 2>&1 || echo "exit $?"; }
project() { printf '{"repositories":[{"type":"path","url":"x"},{"type":"composer","url":"http://%s"},{"packagist.org":false}]}' "$1" >composer.json; }
keys() { printf '{"http-basic":{"%s":{"username":"user","password":"%s"}}}' "$host" "$1"; }

project "$host/open/"
expect 'a repository without keys is open' "$(repositories)" ''
project "$host/private/"
contains 'one that wants a key says so' "$(repositories)" "$host wants a key, and there is none for it (HTTP 401); nothing was downloaded."
contains 'and where it goes' "$(repositories)" "{\"http-basic\":{\"$host\":{\"username\":\"USER\""
contains 'that is an error' "$(repositories)" 'exit 1'
keys wrong >auth.json
contains 'a wrong key is refused' "$(repositories)" "$host refuses the key that it was given (HTTP 401)"
expect 'the wrong key is not shown' "$(repositories | grep -c wrong)" 0
keys right >auth.json
expect 'the right one is taken from auth.json' "$(repositories)" ''
rm auth.json
export COMPOSER_AUTH
COMPOSER_AUTH=$(keys right)
expect 'or from COMPOSER_AUTH' "$(repositories)" ''
expect 'for the repository of a new project too' "$(repositories "http://$host/private/")" ''
COMPOSER_AUTH='{'
contains 'what is not JSON is named' "$(repositories)" 'COMPOSER_AUTH is not JSON'
unset COMPOSER_AUTH

mkdir -p "$SHOP_STATE/keys"
keys right >"$SHOP_STATE/keys/composer"
expect 'the keys of the user are taken' "$(repositories)" ''
keys wrong >auth.json
contains 'those of the project go over them' "$(repositories)" 'refuses the key that it was given'
rm auth.json
php "$lifecycle/keys.php"
contains 'composer gets them' "$(cat "$HOME/composer/auth.json")" '"password":"right"'
expect 'and nobody else' "$(stat -c %a "$HOME/composer/auth.json")" 600
echo '{}' >"$SHOP_STATE/keys/composer"

project "127.0.0.1:1/"
expect 'one that does not answer is no obstacle with a lock' "$(repositories)" ''
echo '{"packages":[{"name":"magento/composer-dependency-version-audit-plugin"}]}' >composer.lock
contains 'unless a plugin asks there all the same' "$(repositories)" '/ does not answer: '
expect 'which composer must find out itself' "$(repositories | grep -c exit)" 0

# --- the second factor ------------------------------------------------------------------------------------------------

# The example of RFC 6238 and RFC 4648.
printf 3132333435363738393031323334353637383930 >"$SHOP_STATE/secrets/admin-otp"
code() { php -r 'require "'"$lifecycle"'/php/load.php"; echo (new Shop\OneTimeCode(Shop\Secret::read("admin-otp")))->'"$1"';'; }
expect 'a one-time code is that of the RFC' "$(code 'at(59)') $(code 'at(1111111109)')" '287082 081804'
expect 'its secret is written as apps read it' "$(code 'base32()')" GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ
contains 'shop otp prints six digits' " $(php "$lifecycle/otp.php" | tr 0-9 d) " ' dddddd '
cat >bin/magento <<'PHP'
<?php echo $argv[1], "\n";
PHP
expect 'commands get it without showing it' "$(php "$lifecycle/magento.php" '--secret={base32:admin-otp}')" \
  --secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ
finish
