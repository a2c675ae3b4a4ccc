# Looks for what `shop image check` was told to look for, in the container it runs in. One line for each:
#   ::contract::good|bad TAB what it is about TAB what was found
# Arguments: kind=name …; kinds: program, extension, directory.
say() { printf '::contract::%s\t%s\t%s\n' "$1" "$2" "$3"; }

say good shell "sh runs what it is given"
if [ "$(id -g)" = 0 ]; then say good user "runs as UID $(id -u) in group 0"; else say bad user "leaves group 0 for $(id -g)"; fi

modules=$(php -m 2>/dev/null | tr '[:upper:]' '[:lower:]')
has_module() {
  case "
$modules
" in
    *"
$1
"*) ;;
    *) return 1 ;;
  esac
}

for wanted in "$@"; do
  name=${wanted#*=}
  case $wanted in
    program=*)
      if path=$(command -v "$name" 2>/dev/null); then say good "program $name" "$path"; else say bad "program $name" missing; fi
      ;;
    extension=*)
      # The engine calls it another name than its package.
      if [ "$name" = opcache ]; then listed='zend opcache'; else listed=$name; fi
      if has_module "$listed"; then say good "extension $name" loaded; else say bad "extension $name" missing; fi
      ;;
    directory=*)
      if [ ! -d "$name" ]; then
        say bad "directory $name" missing
      elif [ -w "$name" ]; then
        say good "directory $name" "writable for group 0"
      else
        say bad "directory $name" "not writable for group 0"
      fi
      ;;
  esac
done
if command -v php >/dev/null 2>&1; then say good PHP "$(php -r 'echo PHP_VERSION;' 2>/dev/null)"; fi
say good end "all was looked for"
