#!/usr/bin/env bash
# kill → the first line of the next main(): Holdfast beside runit, in one run, on one machine.
#   bench/restart.sh [KILLS]      default 50 of each
# All of Holdfast is on: admission check, container, capture, journal. runit has its log service (svlogd) on.
# HOLDFAST_BIN: a folder with holdfast and holdfast-supervisor; without it they are built.
set -euo pipefail
cd "$(dirname "$0")/.."
LOG_NAME=restart
source eng/steps.sh
source eng/needs.sh
source eng/home.sh
source eng/binaries.sh

KILLS=${1:-50}
PAUSE_MS=1200   # runit waits a second where a service lived for less: that would be its policy, not its speed
WORK=$(mktemp -d /tmp/hf-bench-XXXXXX)
OURS=()         # what this script started

sweep() {
  # Some of it may be gone already, and the rest must be swept all the same: that is why nothing here ends the sweep.
  local pid
  [ -z "${AGENT:-}" ] || end_process "$AGENT" "$AGENT_START" 10 || true
  pid=$(field pid <"$WORK/home/supervisor/identity.json" 2>/dev/null || true)
  # A supervisor of this home, not whoever has its number by now.
  [ -z "$pid" ] || ! tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$WORK/home" || end_process "$pid" "$(started "$pid")" 10 || true
  for pid in ${OURS[@]+"${OURS[@]}"}; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$WORK"
}
trap sweep EXIT

want gcc gcc "compiles the patient" || die "No figure without a C compiler."
if [ -z "${HOLDFAST_BIN:-}" ]; then
  need_sdk
  build_binaries
  HOLDFAST_BIN=$PWD/artifacts/bin
fi
holdfast() { HOLDFAST_HOME=$WORK/home "$HOLDFAST_BIN/holdfast" "$@"; }
gcc -O2 -Wall -static -o "$WORK/restart" bench/restart.c 2>/dev/null || gcc -O2 -Wall -o "$WORK/restart" bench/restart.c

start_floor() {
  "$WORK/restart" floor "$WORK/restart" patient "$WORK/floor.starts" >/dev/null &
  OURS+=($!)
}

start_runit() { # NAME RUN-SCRIPT
  local folder=$WORK/$1
  mkdir -p "$folder/log" "$folder/kept"
  printf '#!/bin/sh\nexec svlogd %s\n' "$folder/kept" >"$folder/log/run"
  chmod +x "$folder/log/run"
  runsv "$folder" &
  OURS+=($!)
}

start_holdfast() {
  mkdir -p "$WORK/patient/bin"
  cp "$WORK/restart" "$WORK/patient/bin/restart"
  cat >"$WORK/patient/holdfast.yaml" <<YAML
apiVersion: holdfast/v1
kind: Service
name: patient
version: 1.0.0
command: [bin/restart, patient, $WORK/holdfast.starts]
restart: {delays: [0s], attempts: 1000, window: 1h}
YAML
  holdfast keys init
  HOLDFAST_HOME=$WORK/home "$HOLDFAST_BIN/holdfast" agent --metrics 127.0.0.1:0 >"$WORK/agent.log" 2>&1 &
  AGENT=$!
  AGENT_START=$(started "$AGENT")
  until holdfast ps >/dev/null 2>&1; do sleep 0.1; done
  holdfast pack "$WORK/patient" -o "$WORK/patient.hfpkg"
  holdfast sign "$WORK/patient.hfpkg"
  holdfast deploy "$WORK/patient.hfpkg"
}

rank() { sort -g "$1" | awk -v share="$2" '{ v[NR] = $1 } END { i = int(share * NR + 0.999999); if (i < 1) i = 1; print v[i] }'; }

row() { # TITLE NAME
  local file=$WORK/$2.times
  printf '| %s | %s | %s | %s | %s | %s |\n' "$1" "$(wc -l <"$file")" "$(rank "$file" 0)" "$(rank "$file" 0.5)" "$(rank "$file" 0.95)" "$(head -n 1 "$file")"
}

report() {
  local runit=""
  [ -f "$WORK/runit.times" ] && runit=yes
  echo "# kill → next main(), $(date -u +%Y-%m-%d)"
  echo
  echo "Preliminary: one run of bench/restart.sh on a machine that is not this measurement's own, $KILLS kills of each, taken in turns."
  echo "Microseconds from kill(2) to the first line of main(). The spread says how busy the machine was; the full table comes with the other peers."
  echo
  echo "| parent | kills | least | median | 95th in 100 | the first one |"
  echo "|---|---:|---:|---:|---:|---:|"
  row "floor: waitpid, vfork, exec" floor
  if [ "$runit" ]; then
    row "runit, run is the program itself" bare
    row "runit, run is a shell script" runit
  fi
  row "Holdfast" holdfast
  echo
  awk -v h="$(rank "$WORK/holdfast.times" 0.5)" -v f="$(rank "$WORK/floor.times" 0.5)" 'BEGIN { printf "Own part (median beyond the floor): %.0f µs.\n", h - f }'
  if [ "$runit" ]; then
    awk -v h="$(rank "$WORK/holdfast.times" 0.5)" -v r="$(rank "$WORK/runit.times" 0.5)" -v b="$(rank "$WORK/bare.times" 0.5)" \
      'BEGIN { printf "Ratio of medians, Holdfast to runit: %.2f with a script as run (the usual way), %.2f with the program itself.\n", h / r, h / b }'
  else
    echo "runit was not there: no comparison."
  fi
  echo
  echo "Machine: $(nproc) × $(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1), $(awk '/MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), Linux $(uname -r); load before the run: $LOAD."
  echo "Containment: $(holdfast ps -o json | field containment). Own priority (nice): $(nice)."
}

LOAD=$(cut -d' ' -f1 /proc/loadavg)
say "Holdfast: kill → next main(), $KILLS kills of each"
PARENTS=(floor holdfast)
start_floor
if want runsv runit "the peer"; then
  mkdir -p "$WORK/runit" "$WORK/bare"
  printf '#!/bin/sh\nexec %s patient %s\n' "$WORK/restart" "$WORK/runit.starts" >"$WORK/runit/run"
  chmod +x "$WORK/runit/run"
  cp "$WORK/restart" "$WORK/bare/run"
  ln -s "$WORK/bare/starts" "$WORK/bare.starts"
  start_runit runit
  start_runit bare
  PARENTS+=(runit bare)
fi
step "A node, and the patient deployed" start_holdfast

# In turns, so that a busy moment of the machine does not meet one of them alone.
for ((i = 0; i < KILLS; i++)); do
  for parent in "${PARENTS[@]}"; do
    "$WORK/restart" kill 1 $((PAUSE_MS / ${#PARENTS[@]})) "$WORK/$parent.starts" >>"$WORK/$parent.times"
  done
done
RESULT=bench/results/restart-$(date -u +%Y-%m-%d).md
mkdir -p bench/results
report | tee "$RESULT"
say
say "Kept as $RESULT"
