#!/bin/sh
# app/etc/env.php: what shop owns comes back, everything else stays.
# shellcheck disable=SC2016
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

printf 's3cret' >"$SHOP_STATE/secrets/db-password"
echo '{"base_url": "http://demo.localhost/", "hosts": {"fr": "http://fr.demo.localhost/"}}' >"$SHOP_HOST/domains.json"
cat >"$SHOP_FILES/env.json" <<'JSON'
{
    "MAGE_MODE": {"$env": "MAGE_MODE"},
    "db": {"connection": {"default": {"$all": {"host": "mysql", "password": {"$secret": "db-password"}, "driver_options": {"1014": false}}}}},
    "queue": {"consumers_wait_for_messages": 0},
    "system": {"default": {"web": {
        "unsecure": {"base_url": {"$domain": "base_url"}},
        "secure": {"use_in_adminhtml": {"$domain": "secure_admin", "default": "0"}},
        "fr": {"$domain": "hosts.fr"}
    }}}
}
JSON
env=$SHOP_APP/app/etc/env.php

render() { php "$lifecycle/env.php" "$@" 2>&1; }
# value PHP-EXPRESSION of $e
value() { php -r '$e = include $argv[1]; echo json_encode('"$1"');' "$env"; }

expect 'the first rendering says nothing' "$(render)" ''
expect 'a secret is filled in' "$(value '$e["db"]["connection"]["default"]["password"]')" '"s3cret"'
expect 'a variable is filled in' "$(value '$e["MAGE_MODE"]')" '"developer"'
expect 'a domain is filled in' "$(value '$e["system"]["default"]["web"]["unsecure"]["base_url"]')" '"http:\/\/demo.localhost\/"'
expect 'a domain of a host is filled in' "$(value '$e["system"]["default"]["web"]["fr"]')" '"http:\/\/fr.demo.localhost\/"'
expect 'a default is taken' "$(value '$e["system"]["default"]["web"]["secure"]["use_in_adminhtml"]')" '"0"'
expect 'numbers stay numbers' "$(value '[$e["queue"]["consumers_wait_for_messages"], array_keys($e["db"]["connection"]["default"]["driver_options"])]')" '[0,[1014]]'
expect 'the group may read it, nobody else' "$(stat -c %a "$env")" 660

inode=$(stat -c %i "$env")
render
expect 'nothing changed: the file is the same one' "$(stat -c %i "$env")" "$inode"

cat >"$env" <<'PHP'
<?php
return [
    'system' => ['default' => ['web' => ['secure' => ['use_in_adminhtml' => '1'], 'locked' => 'kept']]],
    'db' => ['connection' => ['default' => ['host' => 'elsewhere', 'ssl' => 'gone'], 'second' => ['host' => 'kept']]],
    'queue' => ['amqp' => ['host' => getenv('SHOP_TEST_AMQP')]],
    'cache_types' => ['config' => 1],
    'install' => ['date' => 'today'],
];
PHP
SHOP_TEST_AMQP=rabbit render >/dev/null
expect 'owned keys are back' "$(value '[$e["db"]["connection"]["default"]["host"], $e["system"]["default"]["web"]["secure"]["use_in_adminhtml"]]')" '["mysql","0"]'
expect 'an owned branch holds nothing else' "$(value 'isset($e["db"]["connection"]["default"]["ssl"])')" false
expect 'keys of others are kept, evaluated' "$(value '[$e["cache_types"], $e["install"]["date"], $e["db"]["connection"]["second"]["host"], $e["queue"]["amqp"]["host"], $e["system"]["default"]["web"]["locked"]]')" '[{"config":1},"today","kept","rabbit","kept"]'
expect 'keys keep their place' "$(value 'array_keys($e)')" '["system","db","queue","cache_types","install","MAGE_MODE"]'
expect 'and so do those of a branch' "$(value 'array_keys($e["system"]["default"]["web"])')" '["secure","locked","unsecure","fr"]'

render not-installed >/dev/null
expect 'the date of the installation goes' "$(value 'isset($e["install"])')" false
render installed >/dev/null
expect 'and comes' "$(value 'isset($e["install"]["date"])')" true

printf '<?php\nreturn [\n    "cache_types" => [\n    "password" "not-for-logs"\n' >"$env"
said=$(render)
expect 'and nothing of what stands there' "$(echo "$said" | grep -c not-for-logs)" 0
contains 'a syntax error is named with its line' "$said" "$env line 4"
kept=$(find "$SHOP_APP/app/etc" -name 'env.php.broken-*')
expect 'the broken file is kept' "$(sed -n 3p "$kept")" '    "cache_types" => ['
expect 'and a whole one is there' "$(value '$e["db"]["connection"]["default"]["host"]')" '"mysql"'

echo '<?php return 1;' >"$env"
contains 'a file without an array is named too' "$(render)" 'does not return an array'

# Magento writes in place: what is half-written now is whole in a moment.
printf '<?php\nreturn [' >"$env"
(sleep 0.5 && printf "'install' => ['date' => 'later']];" >>"$env") &
expect 'a file being written is waited for' "$(render | grep -c broken-)" 0
expect 'and its keys are kept' "$(value '$e["install"]["date"]')" '"later"'

# lib.sh as the runner and the services' start use it.
render_env() { sh -c 'set -eu; cd "$SHOP_APP"; . "$SHOP_FILES/lifecycle/lib.sh"; render_env' >/dev/null; }
: >"$SHOP_APP/bin/magento"
rm "$env"
render_env
expect 'a deleted file comes back' "$(value '[isset($e["db"]), isset($e["install"])]')" '[true,false]'
printf '{}' >"$SHOP_STATE/memory/install.json"
rm "$env"
render_env
expect 'and with the date of an installation that is remembered' "$(value 'isset($e["install"]["date"])')" true
cat >"$env" <<'PHP'
<?php return ['cache_types' => ['full_page' => 1], 'install' => ['date' => 'then']];
PHP
render_env
rm "$env"
render_env
expect 'and with what was not of the owned keys' "$(value '[$e["cache_types"]["full_page"], $e["install"]["date"]]')" '[1,"then"]'
echo '<?php return [' >"$env"
render_env
expect 'so does a broken one' "$(value 'isset($e["install"]["date"])')" true
render not-installed >/dev/null
render_env
expect 'one that is there stays as it is' "$(value 'isset($e["install"])')" false

rm "$SHOP_STATE/secrets/db-password"
before=$(cat "$env")
contains 'a missing secret is named' "$(render || true)" "Secret 'db-password' is missing"
expect 'and nothing is written' "$(cat "$env")" "$before"
finish
