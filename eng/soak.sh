#!/usr/bin/env bash
# The long runs: tests of the category Soak, which `test` leaves out. HOLDFAST_SOAK=1 tells them to take their time.
#   eng/soak.sh [NAME [ARGUMENT…]]   NAME: only the tests with that in their name, and no benchmarks; arguments go to `dotnet test`
set -euo pipefail
LOG_NAME=soak
source eng/steps.sh
source eng/needs.sh
source eng/samples.sh

need_sdk
say "Holdfast: soak"
step "Build" dotnet build Holdfast.slnx -c Release -v q
if want go golang-go "compiles the sample"; then step "Compile samples/payments (Go)" build_payments; fi
export HOLDFAST_CRASH_LOG="$PWD/artifacts/logs/crash-matrix.log"
rm -f "$HOLDFAST_CRASH_LOG"
say "  Running. This takes as long as it takes; the output follows. How far the crash matrix is, which takes longest: $HOLDFAST_CRASH_LOG"
REPORT=${HOLDFAST_SOAK_REPORT:-$PWD/artifacts/logs/soak-report.txt}
export HOLDFAST_SOAK_REPORT=$REPORT
rm -f "$REPORT"
SAID=$(mktemp)
# Also where something failed: what was measured before is worth reading.
show_report() {
  rm -f "$SAID"
  [ ! -s "$REPORT" ] || { say "  What was measured ($REPORT):"; sed 's/^/  /' "$REPORT"; }
}
trap show_report EXIT
HOLDFAST_SOAK=1 dotnet test Holdfast.slnx -c Release --no-build --filter "Category=Soak${1:+&FullyQualifiedName~$1}" --logger 'console;verbosity=normal' "${@:2}" | tee "$SAID"
grep -q '^Total tests:' "$SAID" || die "None of the long runs has \"${1:-}\" in its name."

[ $# = 0 ] || exit 0
say "  The benchmarks, with few services: that they work."
bash eng/bench.sh --quick
