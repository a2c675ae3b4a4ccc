# Settings of config.php and env.php that Magento keeps a copy of. While they differ, every page answers with an error.

status() {
  code=0
  answer=$(magento app:config:status --no-ansi 2>&1) || code=$?
  case $code in
    0 | 2) return "$code" ;;
    *) fail "bin/magento app:config:status failed with exit code $code: $answer" ;;
  esac
}

check() { status; }

perform() { magento app:config:import --no-interaction --no-ansi; }

verify() { status; }
