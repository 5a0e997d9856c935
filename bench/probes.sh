#!/usr/bin/env bash
# What an HTTP probe costs: services that answer HTTP, each asked every second, and the CPU time that the supervisor takes for it.
#   bench/probes.sh [SERVICES]      default 200
set -euo pipefail
cd "$(dirname "$0")/.."
LOG_NAME=probes
source bench/lib/common.sh

SERVICES=${1:-$(quick 20 200)}
SECONDS_EACH=$(quick 3 30)
EVERY=1s
ROUNDS=$(quick 1 3)

say "Probes: $SERVICES services, each asked every $EVERY"
need_product
step "The fleet's deployer" helper Fleet
step "A node" new_node
new_table holdfast "$SERVICES"
write_spec "command: [bin/patient, $WORK/holdfast.table, '#', '\${ports.http}']" 'ports: {http: auto}' \
  "health: {readiness: {http: {port: http, path: /}, interval: $EVERY}}"
step "$SERVICES services" deploy_fleet "$SERVICES"

measure() {
  local i before asked
  sleep "$(quick 1 5)"
  for ((i = 0; i < ROUNDS; i++)); do
    before=$(killer asked "$WORK/holdfast.table" "$SERVICES")
    IDLE_SECONDS=$SECONDS_EACH idle_shares holdfast
    asked=$(($(killer asked "$WORK/holdfast.table" "$SERVICES") - before))
    [ "$asked" -gt 0 ] || die "No service was asked: the probes do not run."
    calc '%.1f\n' "$IDLE_holdfast / 100 * $SECONDS_EACH * 1000000 / $asked" >>"$WORK/each"
    calc '%.2f\n' "$IDLE_holdfast" >>"$WORK/share"
    calc '%.1f\n' "$asked / $SECONDS_EACH" >>"$WORK/rate"
  done
}

report() {
  echo "# What an HTTP probe costs, $TODAY"
  echo
  echo "$SERVICES services with a readiness probe (HTTP, a new connection for each, as always), asked every $EVERY. CPU time of supervisor and guard, as the scheduler counts it," \
    "over $SECONDS_EACH s, divided by the requests that the services have counted; median of $ROUNDS rounds. None of the peers asks a service how it is."
  echo
  echo "| probes each second | CPU time of one | of a core |"
  echo "|---:|---:|---:|"
  echo "| $(median "$WORK/rate") | $(median "$WORK/each") µs | $(median "$WORK/share") % |"
}

step "CPU time" measure
fact probe.us "$(median "$WORK/each")"
fact probe.services "$SERVICES"
step "All end" end_parents
keep report
