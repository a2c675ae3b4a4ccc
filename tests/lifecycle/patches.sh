#!/bin/sh
# Patches: which packages they change, and what happens when they do.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

patches() { php "$lifecycle/patches.php" "$@" 2>&1 || echo "exit $?"; }
changed() { patches changed "$place/then"; }
packages() { patches now | cut -d' ' -f1 | xargs; }

expect 'a project without patches has none' "$(patches now)" ''

mkdir -p patches/composer m2-hotfixes vendor/a/one vendor/b/two
echo old >vendor/a/one/file
hotfix() { printf -- '--- a/vendor/a/one/file\n+++ b/vendor/a/one/file\n@@ -1 +1 @@\n-%s\n+%s\n' "$1" "$2"; }
hotfix old new >m2-hotfixes/1-first.patch
echo 'anything' >patches/composer/two.patch
echo '{"extra":{"patches":{"b/two":{"why":"patches/composer/two.patch"},"c/three":{"why":"https://example.com/3.patch"}}}}' >composer.json
printf '@package d/four\n--- x\n' >patches/four.patch
expect 'packages are named by paths, by composer.json and by @package' "$(packages)" 'a/one b/two c/three d/four'
patches now >"$place/then"
expect 'nothing has changed' "$(changed)" ''
echo 'something else' >patches/composer/two.patch
expect 'another patch changes its package alone' "$(changed)" b/two
rm patches/four.patch
expect 'one that is gone changes its package' "$(changed)" 'b/two d/four'
echo '{"extra":{"patches-file":"all.json"}}' >composer.json
echo '{"patches":{"b/two":["patches/composer/two.patch"]}}' >all.json
expect 'a file of patches is read' "$(packages)" 'a/one b/two'
patches now >"$place/then"
echo 'who knows' >patches/other.patch
expect 'one that names no package may be of any' "$(changed)" 'a/one b/two'
rm patches/other.patch
echo 1f0e3dad99908345f7439f8ffabdffc4 >"$place/then"
expect 'what an earlier shop wrote says nothing' "$(changed)" 'a/one b/two 1f0e3dad99908345f7439f8ffabdffc4'

hotfix new newer >m2-hotfixes/2-second.patch
contains 'hotfixes are put on' "$(patches apply)" 'm2-hotfixes/1-first.patch is put on'
expect 'in their order' "$(cat vendor/a/one/file)" newer
expect 'once' "$(patches apply)" ''
hotfix other newest >m2-hotfixes/3-third.patch
contains 'one that does not fit is an error' "$(patches apply)" 'm2-hotfixes/3-third.patch does not fit'
expect 'and changes nothing' "$(cat vendor/a/one/file) $(find vendor m2-hotfixes -name '*.rej' -o -name '*.orig')" 'newer '
rm m2-hotfixes/3-third.patch

# --- the hook ---------------------------------------------------------------------------------------------------------

cp -R "$repository/stacks/magento2/hooks/fetch.d" "$SHOP_FILES/hooks/"
rm "$SHOP_FILES/hooks/fetch.d"/[!3]*
# Stands in for composer: says what it was asked for, and brings the packages as they are in their repository.
mkdir "$place/bin"
cat >"$place/bin/composer" <<'SH'
#!/bin/sh
echo "$*" >>"$HOME/asked"
mkdir -p vendor/composer vendor/a/one vendor/b/two
echo old >vendor/a/one/file
: >vendor/autoload.php
echo '{"dev":true,"packages":[{"name":"a/one","version":"1"},{"name":"b/two","version":"1"}]}' >vendor/composer/installed.json
SH
chmod +x "$place/bin/composer"
mkdir -p "$HOME"
PATH=$place/bin:$PATH
echo '{"packages":[{"name":"a/one","version":"1"},{"name":"b/two","version":"1"}],"packages-dev":[]}' >composer.lock
: >bin/magento
fetch() { : >"$HOME/asked"; sh "$lifecycle/run" fetch 2>&1; }
rm -r vendor
fetch >/dev/null
contains 'packages are installed' "$(cat "$HOME/asked")" 'install --no-interaction'
expect 'with their hotfixes' "$(cat vendor/a/one/file)" newer
fetch >/dev/null
expect 'again: composer is not asked' "$(cat "$HOME/asked")" ''
rm m2-hotfixes/2-second.patch
contains 'patches that changed are said' "$(fetch)" 'installed again: a/one'
contains 'with them their packages come again' "$(cat "$HOME/asked")" 'reinstall --no-interaction --no-ansi --no-progress a/one'
expect 'and have what is left of their patches' "$(cat vendor/a/one/file)" new
finish
