# Steps with one line each: what is done, and how long it took. Their output goes to a log that is named when one fails.
# Sourced by the other scripts, which set LOG_NAME first and stand in the repository's root.
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# Build nodes of other builds are not shared (one that ends when it likes takes ours with it), the compiler's server is.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=true

mkdir -p artifacts/logs
LOG="$PWD/artifacts/logs/$LOG_NAME.log"
: >"$LOG"

say() { printf '%s\n' "$*"; }

die() {
  printf '\n%s\n' "$*" >&2
  exit 1
}

# 83456 (ms) → 83.5 s
seconds() { printf '%d.%d s' $(($1 / 1000)) $(($1 % 1000 / 100)); }

now_ms() { echo $(($(date +%s%N) / 1000000)); }

# step TEXT COMMAND…  runs the command, its output in the log; ends the script if it fails.
step() {
  if ! try_step "$@"; then
    printf '\nThe end of its output (all of it: %s):\n' "$LOG" >&2
    tail -n 25 "$LOG" | sed 's/^/    /' >&2
    exit 1
  fi
}

# try_step TEXT COMMAND…  the same, but the caller decides about a failure.
try_step() {
  local text=$1 began rc=0
  shift
  printf '  %-52s' "$text"
  began=$(now_ms)
  printf '\n== %s: %s\n' "$text" "$*" >>"$LOG"
  "$@" >>"$LOG" 2>&1 </dev/null || rc=$?
  if [ "$rc" -eq 0 ]; then
    printf '%10s\n' "$(seconds $(($(now_ms) - began)))"
  else
    printf '%10s\n' "failed ($rc)"
  fi
  return "$rc"
}

# skip TEXT WHY  a step that needs no doing.
skip() { printf '  %-52s%10s\n' "$1" "$2"; }
