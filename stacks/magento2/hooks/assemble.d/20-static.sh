# Static files. In production all are deployed ahead; a developer's shop makes them as needed, so what was made from other
# sources goes.

# Goes with what it speaks for, even by `rm -rf pub/static/*`.
stamp=pub/static/shop-static

# The admin is in English wherever its user has not chosen another language.
languages() { printf '%s\n' en_US "${SHOP_LANGUAGE:-en_US}" | sort -u; }

inputs() {
  {
    files_of composer.lock patches m2-hotfixes app/etc/config.php
    files_of app/design app/i18n
    files_of app/code \( -path '*/view/*' -o -path '*/i18n/*' -o -path '*/etc/*' \)
  } | fingerprint "${MAGE_MODE:-}" "$(languages)"
}

made() { [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; }

deployed() { find pub/static -mindepth 4 -maxdepth 4 -type d -name "$1" -print -quit | grep -q .; }

check() {
  now=$(inputs)
  made
}

perform() {
  if production; then
    maintenance_on
  fi
  rm -rf "$stamp" pub/static/frontend pub/static/adminhtml pub/static/_cache var/view_preprocessed
  if production; then
    # shellcheck disable=SC2046
    detached static setup:static-content:deploy --force --no-interaction $(languages)
  else
    rm -f pub/static/deployed_version.txt
  fi
  mkdir -p pub/static
  printf '%s' "$now" >"$stamp"
}

# Magento's command may end with 0 although a theme failed.
verify() {
  made || return 1
  ! production || for language in $(languages); do
    deployed "$language" || return 1
  done
}
