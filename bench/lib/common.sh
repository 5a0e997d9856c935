# What every benchmark needs: tools, executables, a folder of its own, statistics, the machine in words. Sourced from the repository's root.
#   BENCH_QUICK=1   few services and few repetitions: that the scripts work, and no figure to quote
#   PEERS           what it is compared with, in words, where that is not another supervisor
#   HOLDFAST_BIN    a folder with holdfast and holdfast-supervisor; without it they are built
source eng/steps.sh
source eng/needs.sh
source eng/home.sh
source eng/binaries.sh
source bench/lib/parents.sh
source bench/lib/processes.sh

BENCH_QUICK=${BENCH_QUICK:-}
TODAY=$(date -u +%Y-%m-%d)
RESULTS=bench/results
[ -z "$BENCH_QUICK" ] || RESULTS=artifacts/bench/quick
FACTS=artifacts/bench/facts/$LOG_NAME.tsv   # what lib/summary.sh reads: key, value
WORK=$(mktemp -d "${TMPDIR:-/tmp}/hf-bench-XXXXXX")
BEGAN=$(date +%s)
LOAD_BEFORE=$(cut -d' ' -f1 /proc/loadavg)
mkdir -p "$RESULTS" artifacts/bench/facts artifacts/bench/tools
: >"$FACTS"

# quick A B  A in the quick mode, else B.
quick() { if [ -n "$BENCH_QUICK" ]; then echo "$1"; else echo "$2"; fi; }

fact() { printf '%s\t%s\n' "$1" "$2" >>"$FACTS"; }

# get KEY  a fact that was noted; empty without.
get() { awk -F '\t' -v key="$1" '$1 == key { value = $2 } END { print value }' "$FACTS"; }

build_tools() {
  local tool
  want gcc gcc "compiles the patients" || die "No figure without a C compiler."
  for tool in patient killer floor flood ask drain ticker appender; do compile "$tool" || return 1; done
}

# Without a dynamic linker: its time would be the same for every parent, and hide what differs.
compile() {
  gcc -O2 -Wall -static -s -o "artifacts/bench/tools/$1" "bench/tools/$1.c" ||
    gcc -O2 -Wall -o "artifacts/bench/tools/$1" "bench/tools/$1.c"
}

# helper NAME  builds bench/Fleet or bench/Kestrel as the product is built.
helper() {
  dotnet publish "bench/$1" -c Release -r "$(host_rid)" --self-contained false -p:PublishReadyToRun=true -o "artifacts/bench/bin" -v q -m:1
}

need_product() {
  if [ -z "${HOLDFAST_BIN:-}" ]; then
    need_sdk
    build_binaries
    HOLDFAST_BIN=$PWD/artifacts/bin
  fi
  HOLDFAST_BIN=$(cd "$HOLDFAST_BIN" && pwd -P)
  step "C tools" build_tools
  TOOLS=$PWD/artifacts/bench/tools
}

# rank FILE SHARE  0.5 is the median, 0 the least, 0.99 what one in a hundred exceeds.
rank() { sort -g "$1" | awk -v share="$2" '{ v[NR] = $1 } END { if (!NR) { print "-"; exit } i = int(share * NR + 0.999999); if (i < 1) i = 1; print v[i] }'; }
median() { rank "$1" 0.5; }

# calc FORMAT EXPRESSION  "-" where one of the figures is missing.
calc() { awk "BEGIN { printf \"$1\", $2 }" 2>/dev/null || echo -; }

ratio() { [ "$1" = - ] || [ "$2" = - ] || [ -z "$1" ] || [ -z "$2" ] && { echo -; return; }; calc %.2f "$1 / $2"; }

version_of() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo "?"; }

describe_machine() {
  echo
  echo "Machine: $(nproc) × $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1), $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), Linux $(uname -r)," \
    "$(. /etc/os-release && echo "$PRETTY_NAME"), .NET $(dotnet --version 2>/dev/null || echo '?'); files on $(stat -f -c %T "$WORK")."
  echo "Load average before: $LOAD_BEFORE, after: $(cut -d' ' -f1 /proc/loadavg). Took $(($(date +%s) - BEGAN)) s. Account: $(id -un)$([ "$(nice)" = 0 ] || echo ", nice $(nice)")."
  echo "Peers: ${PEERS:-runit $(version_of runit), s6 $(version_of s6), supervisor $(version_of supervisor)}, as Debian packages them."
  echo "Product: commit $(git rev-parse --short=12 HEAD 2>/dev/null || echo '?')$(git diff --quiet HEAD -- src native 2>/dev/null || echo ' with changes')."
  echo "Again: \`./build.sh bench $LOG_NAME\`, or \`./build.sh bench\` for all."
}

# keep TEXT-FUNCTION  writes the result.
keep() {
  local file=$RESULTS/$LOG_NAME-$TODAY.md
  { "$1"; describe_machine; } >"$file"
  sed 's/^/  /' "$file"
  say "Kept as $file"
}

sweep() {
  # Some of it may be gone already, and the rest must be swept all the same: that is why nothing here ends the sweep.
  end_parents || true
  rm -rf "$WORK" || true
}
trap sweep EXIT
trap 'exit 130' INT TERM
