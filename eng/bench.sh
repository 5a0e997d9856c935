#!/usr/bin/env bash
# The figures: every bench/*.sh, each of which measures us and the peers in one run, and a summary beside what is to be reached.
#   --quick   few services, few repetitions: that the scripts work; its results go to artifacts/bench/quick
set -euo pipefail
LOG_NAME=bench
source eng/steps.sh
source eng/needs.sh
source eng/binaries.sh

if [ "${1:-}" = --quick ]; then
  export BENCH_QUICK=1
  shift
fi
[ $# -eq 0 ] || die "usage: ./build.sh bench [--quick]"
BEGAN=$(date +%s)
need_sdk
if [ -z "${HOLDFAST_BIN:-}" ]; then
  build_binaries
  # Where it was built, not the link: another build may come while this one is measured.
  HOLDFAST_BIN=$(cd artifacts/bin && pwd -P)
  export HOLDFAST_BIN
fi

FACTS_FOLDER=artifacts/bench/facts
RESULTS=bench/results
[ -z "${BENCH_QUICK:-}" ] || RESULTS=artifacts/bench/quick
mkdir -p "$RESULTS"
rm -rf "$FACTS_FOLDER"
failed=()
for script in bench/*.sh; do
  say "== $script"
  # One that cannot run leaves its rows empty, and takes none of the others with it.
  bash "$script" || failed+=("$script")
done
SUMMARY=$RESULTS/summary-$(date -u +%Y-%m-%d).md
source bench/lib/summary.sh
cat "$SUMMARY"
say
say "Kept as $SUMMARY; all of it took $(($(date +%s) - BEGAN)) s."
[ ${#failed[@]} -eq 0 ] || die "These did not run to their end: ${failed[*]}. Their logs are in artifacts/logs."
