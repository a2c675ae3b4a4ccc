# A directory without sources gets those of a new project. They are made beside and then moved in, so that a kill at any
# moment leaves nothing half-made, and files that are already there (shop.yaml, .gitignore) stay as they are.

staged=.shop/sources

present() { [ -f composer.json ] || [ -f bin/magento ]; }

check() { verify; }

perform() {
  if [ ! -e "$staged/complete" ]; then
    rm -rf "$staged"
    ! present || return 0
    create
  fi
  # composer.json last: it says that the others are there.
  [ ! -d "$staged/tree" ] || php "$lifecycle/adopt.php" "$staged/tree" . composer.json
  rm -rf "$staged"
}

create() {
  note "creating ${SHOP_SOURCE_PACKAGE}${SHOP_SOURCE_VERSION:+ $SHOP_SOURCE_VERSION} from $SHOP_SOURCE_REPOSITORY"
  php "$lifecycle/keys.php"
  case $SHOP_SOURCE_REPOSITORY in http*) php "$lifecycle/repositories.php" "$SHOP_SOURCE_REPOSITORY" ;; esac
  mkdir -p "$staged"
  composer create-project --no-interaction --no-ansi --no-progress --no-install --no-scripts \
    --repository="{\"type\":\"composer\",\"url\":\"$SHOP_SOURCE_REPOSITORY\"}" \
    "$SHOP_SOURCE_PACKAGE${SHOP_SOURCE_VERSION:+:$SHOP_SOURCE_VERSION}" "$staged/tree"
  [ -f "$staged/tree/composer.json" ] ||
    fail "$SHOP_SOURCE_PACKAGE brought no composer.json: source_package in shop.yaml must name a package of type project."
  : >"$staged/complete"
}

verify() { present && [ ! -e "$staged" ]; }
