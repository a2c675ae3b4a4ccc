# Magento's admin asks for a second factor, which it has each user set up by a mail and an app. The first user of a new
# shop gets one that `shop otp` answers. The module stays on: config.php is the same for all machines, and a shop without
# it would not be the one that is in production.

check() { ! database holds tfa_user_config none || ! here; }

# Whether the module is there and on.
here() { magento list --raw | grep -q '^security:tfa:google:set-secret'; }

perform() {
  magento_with_secrets security:tfa:google:set-secret --no-ansi "$SHOP_ADMIN_USER" '{base32:admin-otp}'
  magento config:set --no-ansi twofactorauth/general/force_providers google
  note "the admin asks $SHOP_ADMIN_USER for a second factor, as in production: \`shop otp\` prints the code"
}

verify() { database holds tfa_user_config some; }
