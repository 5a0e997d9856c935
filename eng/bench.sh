#!/usr/bin/env bash
# The figures: every bench/*.sh, each of which measures us and the peers in one run, and a summary beside what is to be reached.
#   NAME…     only these, and no summary: rpc is bench/rpc.sh
#   --quick   few services, few repetitions: that the scripts work; its results go to artifacts/bench/quick
set -euo pipefail
LOG_NAME=bench
source eng/steps.sh
source eng/needs.sh
source eng/binaries.sh

KNOWN=$(for script in bench/*.sh; do basename "$script" .sh; done)
chosen=()
for argument in "$@"; do
  case $argument in
    --quick) export BENCH_QUICK=1 ;;
    -*) die "usage: ./build.sh bench [--quick] [NAME…]; the names are: $(paste -sd ' ' <<<"$KNOWN")" ;;
    *)
      grep -qxF -- "$argument" <<<"$KNOWN" || die "There is no benchmark '$argument'. There are: $(paste -sd ' ' <<<"$KNOWN")"
      chosen+=("bench/$argument.sh")
      ;;
  esac
done
scripts=(${chosen[@]+"${chosen[@]}"})
[ ${#scripts[@]} -gt 0 ] || scripts=(bench/*.sh)
BEGAN=$(date +%s)
need_sdk
if [ -z "${HOLDFAST_BIN:-}" ] && grep -q '^need_product' "${scripts[@]}"; then
  build_binaries
  # Where it was built, not the link: another build may come while this one is measured.
  HOLDFAST_BIN=$(cd artifacts/bin && pwd -P)
  export HOLDFAST_BIN
fi

FACTS_FOLDER=artifacts/bench/facts
RESULTS=bench/results
[ -z "${BENCH_QUICK:-}" ] || RESULTS=artifacts/bench/quick
mkdir -p "$RESULTS"
[ ${#chosen[@]} -gt 0 ] || rm -rf "$FACTS_FOLDER"
failed=()
for script in "${scripts[@]}"; do
  say "== $script"
  # One that cannot run leaves its rows empty, and takes none of the others with it.
  bash "$script" || failed+=("$script")
done
if [ ${#chosen[@]} -eq 0 ]; then
  SUMMARY=$RESULTS/summary-$(date -u +%Y-%m-%d).md
  source bench/lib/summary.sh
  cat "$SUMMARY"
  say
  say "Kept as $SUMMARY; all of it took $(($(date +%s) - BEGAN)) s."
fi
[ ${#failed[@]} -eq 0 ] || die "These did not run to their end: ${failed[*]}. Their logs are in artifacts/logs."
