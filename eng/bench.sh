#!/usr/bin/env bash
# The figures: every bench/*.sh, each of which measures us and the peers in one run, and writes to bench/results/.
set -euo pipefail
LOG_NAME=bench
source eng/steps.sh
source eng/needs.sh

shopt -s nullglob
scripts=(bench/*.sh)
if [ ${#scripts[@]} -eq 0 ]; then
  say "There are no benchmarks yet: bench/ is empty. No figure is claimed before there is a script for it."
  exit 0
fi
need_sdk
for script in "${scripts[@]}"; do
  say "== $script"
  bash "$script" "$@"
done
