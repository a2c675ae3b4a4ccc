#!/bin/sh
# Sources and packages: what is there is kept, what differs is seen.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname "$0")/common.sh"

rm -r bin app
mkdir -p .shop/sources/tree/app/code .shop/sources/tree/bin app/code
echo mine >.gitignore
echo mine >app/code/own
for file in composer.json .gitignore app/code/own app/code/new bin/magento; do echo theirs >".shop/sources/tree/$file"; done
adopt() { php "$lifecycle/adopt.php" .shop/sources/tree . composer.json; }
adopt
expect 'new files come in' "$(cat composer.json app/code/new bin/magento | sort -u)" theirs
expect 'own files stay' "$(cat .gitignore app/code/own | sort -u)" mine
adopt
expect 'again: nothing to do' "$?" 0

mkdir -p vendor/composer vendor/a/a
: >vendor/autoload.php
lock() { printf '{"packages":[{"name":"a/a","version":"%s","dist":{"reference":"%s"}}],"packages-dev":[{"name":"d/d","version":"1"}]}' "$1" "$2" >composer.lock; }
installed() { printf '{"dev":%s,"packages":[{"name":"a/a","version":"1","dist":{"reference":"r1"},"install-path":"../a/a"}%s]}' "$1" "$2" >vendor/composer/installed.json; }
packages() { php "$lifecycle/packages.php" check || :; }

lock 1 r1
installed false ''
export MAGE_MODE=production
expect 'production does without require-dev' "$(packages)" ''
MAGE_MODE=developer
contains 'a developer does not' "$(packages)" 'require-dev are missing'
installed true ',{"name":"d/d","version":"1"}'
expect 'with them all is well' "$(packages)" ''
lock 1 r2
contains 'another revision is a difference' "$(packages)" 'a/a is 1 r1, not 1 r2'
lock 1 r1
installed true ',{"name":"d/d","version":"1"},{"name":"x/x","version":"1"}'
contains 'so is one too many' "$(packages)" 'x/x is not in composer.lock'
installed true ',{"name":"d/d","version":"1"}'
rmdir vendor/a/a
contains 'and a directory that is gone' "$(packages)" 'the files of a/a are missing'
rm vendor/composer/installed.json
contains 'and everything' "$(packages)" 'no packages are installed'
finish
