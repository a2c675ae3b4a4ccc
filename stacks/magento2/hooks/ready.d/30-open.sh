# The shop opens again if an earlier phase closed it.

check() { ! remembers maintenance; }

perform() { maintenance_off; }

verify() { check; }
