# No cache holds anything from before the last change of code, database or configuration.

now_is() {
  {
    find "$memory" -maxdepth 1 -name '*.json' ! -name ready.json -print0
    files_of app/etc/env.php app/etc/config.php
  } | fingerprint
}

check() { remembers_text flushed "$(now_is)"; }

perform() {
  magento cache:flush --no-ansi
  remember flushed "$(now_is)"
}

verify() { check; }
