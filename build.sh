#!/usr/bin/env bash
# Everything one does with the source. The parts are in eng/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'TEXT'
usage: ./build.sh VERB

  quickstart          build, start an agent, deploy the sample, show it running
  quickstart --stop   stop what quickstart started; data stays
  test                everything that must pass before a change lands
  test --fast         the unit tests only
      --filter TEXT   only the tests that dotnet test's filter names
  soak                the long runs
  bench               the figures, beside the peers
  bench NAME…         only these: capture, failover, fleet, probes, rpc, telemetry, verify
  bench --quick       the same scripts with few services, to see that they work
  publish RID         a self-contained folder and archive, e.g. for linux-x64
TEXT
}

case "${1:-}" in
  quickstart) shift; exec bash eng/quickstart.sh "$@" ;;
  test)       shift; exec bash eng/test.sh "$@" ;;
  soak)       shift; exec bash eng/soak.sh "$@" ;;
  bench)      shift; exec bash eng/bench.sh "$@" ;;
  publish)    shift; exec bash eng/publish.sh "$@" ;;
  help | -h | --help) usage ;;
  *) usage >&2; exit 2 ;;
esac
