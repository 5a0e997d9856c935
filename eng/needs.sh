# What the scripts need of the machine: had, installed when that is possible, or named with the command that installs it.

need_sdk() {
  command -v dotnet >/dev/null || die "The .NET 10 SDK is needed. Get it from https://dotnet.microsoft.com/download/dotnet/10.0"
  local have
  have=$(dotnet --version 2>/dev/null || true)
  [ "${have%%.*}" -ge 10 ] 2>/dev/null ||
    die "The .NET 10 SDK is needed; 'dotnet --version' says '${have:-nothing that fits global.json}'."
}

APT_UPDATED=

# want COMMAND PACKAGES WHY  true if the command is there, or could be installed.
want() {
  has "$1" && return 0
  install_packages "$2" "$3"
  has "$1" && return 0
  say "  Not there: $1 ($3). To have it: sudo apt-get install -y $2"
  return 1
}

# want_module MODULE PACKAGE WHY  the same for a module of the system's Python.
want_module() {
  has_module "$1" && return 0
  install_packages "$2" "$3"
  has_module "$1" && return 0
  say "  Not there: Python's $1 ($3). To have it: sudo apt-get install -y $2"
  return 1
}

# install_packages PACKAGES WHY  as root, from the machine's apt sources; whether it worked is for the caller to see.
install_packages() {
  [ "$(id -u)" -eq 0 ] && has apt-get || return 0
  if [ -z "$APT_UPDATED" ]; then
    try_step "Package lists" apt-get update -q || true
    APT_UPDATED=yes
  fi
  # shellcheck disable=SC2086 # several packages are several words
  try_step "Install $1 ($2)" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $1 || true
  hash -r
}

has_module() { /usr/bin/python3 -c "import $1" >/dev/null 2>&1; }

# Some commands are in folders that an ordinary account's PATH leaves out.
has() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -x "/sbin/$1" ]; }

# The runtime identifier of this machine.
host_rid() {
  local os=linux arch
  [ "$(uname -s)" = Darwin ] && os=osx
  # A machine of glibc may have musl's loader as well (Debian's package musl); it is then no musl machine.
  if [ "$os" = linux ] && ! getconf GNU_LIBC_VERSION >/dev/null 2>&1 && ls /lib/ld-musl-* >/dev/null 2>&1; then os=linux-musl; fi
  case "$(uname -m)" in
    x86_64) arch=x64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) die "No runtime identifier is known for a machine of type $(uname -m)." ;;
  esac
  echo "$os-$arch"
}
