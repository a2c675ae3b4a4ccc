# Where the files belong to root, services run as another user of group 0, so what they write to is opened for that group
# and nothing else is.

# Files inside count too: packages come with modes of their own, and Magento replaces some files in place. What services
# made is theirs.
closed() {
  # shellcheck disable=SC2086
  find $SHOP_WRITABLE -user 0 \( -type d ! -perm -2070 -o -type f ! -perm -0060 -o ! -type l ! -group 0 \) "$@"
}

of_root() { [ "$(id -u)" -eq 0 ] && [ "$(stat -c %u .)" -eq 0 ]; }

check() { verify; }

perform() {
  closed -exec chgrp 0 {} + -exec chmod g+rwX {} +
  # What is made in them later belongs to group 0 as well.
  closed -type d -exec chmod g+s {} +
}

verify() { ! of_root || [ -z "$(closed -print -quit)" ]; }
