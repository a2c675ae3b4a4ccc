# app/etc/config.php lists the modules. A project has it in git; a new one gets all modules.

check() { verify; }

perform() {
  note 'app/etc/config.php is missing: enabling all modules'
  detached none module:enable --all --no-interaction
  # A shop that writes it without a detour has it in place already.
  if [ ! -f app/etc/config.php ] && [ -f "$detached_etc/config.php" ]; then
    cp "$detached_etc/config.php" app/etc/config.php.new
    mv -f app/etc/config.php.new app/etc/config.php
  fi
}

verify() { [ -s app/etc/config.php ]; }
