# apt with the host's sources, keyring and CA, none of which is written below /etc.
#   leave_out PATTERN...  files of later packages that nothing here needs
#   packages NAME...      installs; no recommends, no documentation beyond the licences

apt_settings() {
  mkdir -p "$scratch/lists" "$scratch/cache/archives"
  cat <<SETTINGS
APT::Install-Recommends "false";
APT::Install-Suggests "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::State::Lists "$scratch/lists";
Dir::Cache "$scratch/cache";
DPkg::Use-Pty "false";
DPkg::Options {
  "--force-unsafe-io";
  "--path-exclude=/usr/share/man/*";
  "--path-exclude=/usr/share/info/*";
  "--path-exclude=/usr/share/locale/*";
  "--path-exclude=/usr/share/lintian/*";
  "--path-exclude=/usr/share/doc/*";
  "--path-include=/usr/share/doc/*/copyright";
};
SETTINGS
  # Without these files (a host that is no Debian) the base's own sources and keys serve.
  if [ -s /host/apt/sources.list ]; then
    echo 'Dir::Etc::SourceList "/host/apt/sources.list";'
    echo 'Dir::Etc::SourceParts "/dev/null";'
  fi
  if [ -s /host/apt/keyring.gpg ]; then
    echo 'Dir::Etc::Trusted "/host/apt/keyring.gpg";'
  fi
  # How the host reaches its mirrors: a proxy, a clock or a frozen mirror that makes Valid-Until meaningless.
  if [ -s /host/apt/apt.conf ]; then
    cat /host/apt/apt.conf
  fi
  if [ -s "$host_ca" ]; then
    echo "Acquire::https::CaInfo \"$host_ca\";"
  fi
}

leave_out() {
  mkdir -p "$scratch"
  for pattern in "$@"; do
    echo "DPkg::Options:: \"--path-exclude=$pattern\";" >> "$scratch/left-out"
  done
}

packages() {
  export DEBIAN_FRONTEND=noninteractive APT_CONFIG="$scratch/apt.conf"
  if [ ! -e "$APT_CONFIG" ]; then
    mkdir -p "$scratch"
    apt_settings > "$APT_CONFIG"
    [ ! -e "$scratch/left-out" ] || cat "$scratch/left-out" >> "$APT_CONFIG"
    # A package's own scripts must not start its daemon here.
    printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d
    chmod 0755 /usr/sbin/policy-rc.d
    # Some maintainer scripts fail without the directories of the manual pages that are left out.
    mkdir -p /usr/share/man/man1 /usr/share/man/man7 /usr/share/man/man8
    apt-get update -q
  fi
  apt-get install -q -y "$@"
}
