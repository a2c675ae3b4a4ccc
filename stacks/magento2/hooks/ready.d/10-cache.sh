# No cache holds anything from before the last change of code, database or configuration.

configuration() { files_of app/etc/env.php app/etc/config.php | fingerprint; }

check() { ! remembers changed && remembers_text flushed "$(configuration)"; }

perform() {
  magento cache:flush --no-ansi
  remember flushed "$(configuration)"
  forget changed
}

verify() { check; }
