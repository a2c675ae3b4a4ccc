# app/etc/env.php holds what shop owns before the first request: the domain or a port may have changed.

check() { ! has_code; }

perform() { render_env; }

verify() { [ -f app/etc/env.php ]; }
