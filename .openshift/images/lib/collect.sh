# Finds what the build stage changed and copies exactly that to /out, which the final stage lays over the same base.
# Change times decide: a file that was only given another owner counts, and nothing can set them back.
#   begin      before the first change        collect    after the last one

begin() {
  mkdir -p "$scratch"
  : > "$scratch/begin"
  # A file system's clock ticks coarsely; what follows must be newer than the mark.
  sleep 0.1
  # A tmpfs on /run takes the mode of the directory below it (runc puts that above mode= of the mount), and any UID
  # makes its sockets there.
  chmod 1777 /run
}

changed_paths() {
  cd /
  find . -xdev \
    \( -path ./dev -o -path ./proc -o -path ./sys -o -path './run/*' -o -path ./tmp -o -path ./var/tmp \
       -o -path ./host -o -path ./lib-shop -o -path ./image -o -path ./out -o -path ./root \
       -o -path ./usr/share/man -o -path ./usr/share/info -o -path ./usr/share/locale -o -path ./usr/share/lintian \
       -o -path ./var/lib/apt -o -path './var/cache/*' -o -path ./usr/sbin/policy-rc.d \
       -o -path ./etc/hosts -o -path ./etc/hostname -o -path ./etc/resolv.conf -o -path ./etc/mtab \
       -o -path ./etc/.pwd.lock -o -path './etc/passwd-' -o -path './etc/group-' \
       -o -path './etc/shadow-' -o -path './etc/gshadow-' -o -path './var/lib/dpkg/*-old' \
       -o -path './var/lib/dpkg/lock*' -o -path ./var/lib/dpkg/triggers/Lock \
       -o \( -path './var/log/*' -type f \) \) -prune \
    -o ! -path . ! -type s -cnewer "$scratch/begin" -print
}

# Every parent is listed too, so that its owner and mode in /out equal those of the base.
with_parents() {
  awk -F/ '{ path = $1; for (i = 2; i <= NF; i++) { path = path "/" $i; if (!(path in seen)) { seen[path]; print path } } }'
}

collect() {
  cd /
  mkdir -p /out
  changed_paths | with_parents | sort > "$scratch/paths"
  : > "$scratch/directories"
  while IFS= read -r path; do
    if [ -d "$path" ] && [ ! -L "$path" ]; then
      echo "$path" >> "$scratch/directories"
    else
      echo "$path"
    fi
  done < "$scratch/paths" > "$scratch/files"
  # Linked and not copied: a build stage is kept as a cache, and would be twice as large.
  xargs -r -d '\n' cp -d -l --parents -t /out < "$scratch/files"
  # Last, so that owner, mode and time are theirs again.
  tar -c --no-recursion --numeric-owner -T "$scratch/directories" | tar -C /out -x -p --numeric-owner
  # A pipe hides the status of its left side.
  find /out -mindepth 1 | sed 's,^/out,.,' | sort | cmp - "$scratch/paths"
}
