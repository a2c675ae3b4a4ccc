# Sourced by the build stage of every Dockerfile here, in one RUN: `begin`, install, `collect`. Commands are separated by
# `;` and not by `&&`, which would switch `set -e` off inside the functions.
# The stage may use whatever the host needs to reach the network (mirror, keyring, CA); only what `collect` puts
# under /out reaches the image.
set -eu
export LC_ALL=C
umask 022

scratch=/tmp/shop-build
. /lib-shop/trust.sh
. /lib-shop/packages.sh
. /lib-shop/collect.sh
. /lib-shop/entry.sh
. /lib-shop/mariadb.sh

# Directories that are written at run time, by any UID, as long as group 0 is among its groups.
writable() {
  mkdir -p "$@"
  chown 0:0 "$@"
  chmod 2775 "$@"
}
