# Generated code. In production it is compiled ahead; a developer's shop makes it as needed, so what was generated from
# other sources goes.

# Goes with what it speaks for, even by `rm -rf generated/*`.
stamp=generated/shop-code

inputs() {
  {
    files_of composer.lock patches m2-hotfixes app/etc/config.php app/etc/di.xml
    files_of app/code \( -name '*.php' -o -name '*.xml' \) ! -path '*/view/*'
  } | fingerprint "${MAGE_MODE:-}" "$(php -n -r 'echo PHP_VERSION;')"
}

made() { [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; }

check() {
  now=$(inputs)
  made
}

perform() {
  rm -f "$stamp"
  if production; then
    maintenance_on
    detached compile setup:di:compile --no-interaction
  else
    rm -rf generated/code generated/metadata
  fi
  mkdir -p generated
  printf '%s' "$now" >"$stamp"
}

verify() { made && { ! production || [ -d generated ]; }; }
