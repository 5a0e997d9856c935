#!/usr/bin/env bash
# How long nobody acts when a leader is lost or moved: three machines in network namespaces, on each an etcd and a node with a lease of 3 s. Beside it keepalived (VRRP) on the
# same machines, and how long etcd itself takes to end a lease: no failover by leases can be faster.
#   bench/failover.sh [ROUNDS]      of node losses, default 15; needs root
set -euo pipefail
cd "$(dirname "$0")/.."
LOG_NAME=failover
source bench/lib/common.sh
source bench/lib/machines.sh

ROUNDS=${1:-$(quick 2 15)}
SHORT=$(quick 2 10)
say "Failover: $ROUNDS node losses"
[ "$(id -u)" -eq 0 ] || die "Network namespaces need root."
need_product
want ip iproute2 "makes the machines" && want nsenter util-linux "runs what runs on them" || die "No machines without them."
want etcd etcd-server "is the store" && want etcdctl etcd-client "asks etcd itself" || die "No cluster without etcd."
VRRP=yes
want keepalived keepalived "a peer" || VRRP=
ip netns add "$HUB-try" 2>/dev/null && ip netns delete "$HUB-try" || die "No network namespaces can be made here."

sweep_machines() { remove_machines; rm -rf "${ETCD_DATA:-}"; sweep; }
trap sweep_machines EXIT

compile_these() {
  gcc -O2 -Wall -o "$TOOLS/effects" bench/tools/effects.c &&
    gcc -O2 -Wall -o "$TOOLS/worker" tests/Holdfast.Integration.Tests/Cluster/worker.c
}

watch_effects() {
  (in_hub "$TOOLS/effects" hear 10.78.0.254 9000) >"$WORK/heard" 2>&1 &
  disown
}

# deploy SERVICE warm|hot MORE…
deploy() {
  local name=$1 standby=$2 more=
  shift 2
  [ "$standby" = warm ] || { more=', promote: {signal: USR1}'; set -- 'ready: notify' "$@"; }
  mkdir -p "$WORK/$name"
  cp "$TOOLS/worker" "$WORK/$name/worker"
  printf '%s\n' 'apiVersion: holdfast/v1' 'kind: Service' "name: $name" 'version: 1.0.0' "command: [worker, 10.78.0.254, '9000', $name${more:+, hot}]" \
    "placement: {mode: active-standby, standby: $standby$more, failover: {most: 100, within: 1h}}" "$@" >"$WORK/$name/holdfast.yaml"
  node 1 pack "$WORK/$name" -o "$WORK/$name.hfpkg" && node 1 sign "$WORK/$name.hfpkg" && node 1 deploy "$WORK/$name.hfpkg" && until_so 60 "all_$standby" "$name"
}

start_vrrp() { # MACHINE
  local m=$1
  printf '%s\n' 'global_defs {' '  vrrp_garp_master_delay 0' '}' 'vrrp_instance bench {' '  state BACKUP' '  nopreempt' '  interface watch0' '  virtual_router_id 7' "  priority $((110 - m))" '  advert_int 1' \
    '  virtual_ipaddress {' '    10.78.0.100/24' '  }' '}' >"$WORK/keepalived.$m.conf"
  (on "$m" keepalived -n -l -P -f "$WORK/keepalived.$m.conf" -p "$WORK/keepalived.$m.pid" -r "$WORK/vrrp.$m.pid") >>"$WORK/keepalived.$m" 2>&1 &
  disown
  (on "$m" "$TOOLS/effects" answer "$m" 9001) >/dev/null 2>&1 &
  disown
}

start_vrrps() {
  local m
  for m in $MACHINES; do start_vrrp "$m"; done
  (in_hub "$TOOLS/effects" probe 10.78.0.100 9001) >"$WORK/probed" 2>&1 &
  disown
  until_so 30 test -s "$WORK/probed"
}

lines() { wc -l <"$WORK/$1"; }

# new_epoch LINES SERVICE  how long nobody acted before the next epoch, in µs, from what was heard after so many lines; fails if there was none.
new_epoch() { tail -n "+$(($1 + 1))" "$WORK/heard" | awk -v name="$2" '$1 == name && $3 > 0 && $4 > $3 { print $2; found = 1; exit } END { exit !found }'; }

# acting SERVICE  the process that acted last.
acting() { awk -v name="$1" '$1 == name { pid = $6 } END { print pid }' "$WORK/heard"; }

take_gap() { # LINES SERVICE FIGURE
  until_so 60 new_epoch "$1" "$2" || return 1
  awk "BEGIN { print $(new_epoch "$1" "$2") / 1000 }" | tee -a "$WORK/$3"
}

move() { # SERVICE MACHINE
  leads "$1" "$2" || node 1 switchover "$1" --to "node-$2" || node 2 switchover "$1" --to "node-$2" || return 1
  until_so 30 leads "$1" "$2" && until_so 60 all_warm "$1"
}

other_than() { for m in $MACHINES; do [ "$m" = "$1" ] || { echo "$m"; return; }; done; }

lose_nodes() { # FIGURE yes|no (with the leader of etcd)
  local i etcd target heard
  for ((i = 0; i < $3; i++)); do
    etcd=$(etcd_leader)
    if [ "$2" = yes ]; then target=$etcd; else target=$(other_than "$etcd"); fi
    move worker "$target" || return 1
    heard=$(lines heard)
    power_off "$target"
    take_gap "$heard" worker "$1" || return 1
    power_on "$target"
    until_so 60 node "$target" ps && until_so 60 fit worker "$target" || { say_what_is; return 1; }
  done
}

# A node that is lost three times in an hour is put in quarantine, as it should: somebody ends that.
fit() { # SERVICE MACHINE
  all_warm "$1" || { node "$2" node resume "node-$2"; false; }
}

switch_over() { # SERVICE warm|hot FIGURE
  local i target heard
  for ((i = 0; i < 2 * SHORT; i++)); do
    target=$(other_than "$(leader "$1")")
    heard=$(lines heard)
    node 1 switchover "$1" --to "node-$target" || return 1
    take_gap "$heard" "$1" "$3" || return 1
    until_so 60 "all_$2" "$1" || return 1
  done
}

# Two failovers, and then it has failed on all three: somebody must start it.
fail_on_exit() {
  local i heard
  for ((i = 0; i < SHORT; i++)); do
    until_so 60 leader exits || return 1
    heard=$(lines heard)
    kill -9 "$(acting exits)"
    if [ $((i % 2)) -eq 1 ]; then
      take_gap "$heard" exits exit || return 1
      kill -9 "$(acting exits)"
      sleep 1
      node 1 start exits && until_so 60 all_warm exits || return 1
    else
      take_gap "$heard" exits exit || return 1
    fi
  done
}

# The longest silence while its agent is away and until it has led for a lease's time after; and in as much time in which nothing is done.
kill_agents() {
  local i m
  for ((i = 0; i < SHORT; i++)); do
    m=$(leader worker)
    heard=$(lines heard)
    until_so 60 node "$m" ps && sleep $((LEASE + 1)) && longest_silence calm || return 1
    heard=$(lines heard)
    kill -9 "$(cat "$WORK/agent.$m.pid")"
    start_node "$m"
    # Not back before the deadline of what its supervisor was told last, which on a busy machine happens: then another leads, as it should.
    until_so 60 node "$m" ps && sleep "$LEASE" && { longest_silence agent || echo moved >>"$WORK/agent-late"; } || return 1
    until_so 60 all_warm worker || return 1
  done
}

longest_silence() { # FIGURE  since $heard lines
  tail -n "+$((heard + 1))" "$WORK/heard" | awk '$1 == "worker" { if ($3 != $4 || $5 != $6) moved = 1; if ($2 > most) most = $2 } END { if (moved) exit 1; print most / 1000 }' | tee -a "$WORK/$1"
}

# The machine that has the address loses its link and its keepalived at once; the address goes with it.
lose_vrrp() {
  local i m probed
  for ((i = 0; i < ROUNDS; i++)); do
    probed=$(lines probed)
    m=$(awk 'END { print $6 }' "$WORK/probed")
    ip -n "$HUB" link set "w$m" down
    # shellcheck disable=SC2046 # several ids are several words
    kill -9 $(ip netns pids "$(space "$m")" | while read -r pid; do grep -qx keepalived "/proc/$pid/comm" && echo "$pid"; done)
    until_so 30 another_answers "$probed" || return 1
    tail -n "+$((probed + 1))" "$WORK/probed" | awk '$5 != $6 { print $2 / 1000; exit }' | tee -a "$WORK/vrrp"
    drop_address "$m"
    ip -n "$HUB" link set "w$m" up
    start_vrrp "$m"
    sleep 2
  done
}

# One that was killed leaves the address behind if it had it: only one of the three did.
drop_address() {
  if ip -n "$(space "$1")" address show dev watch0 | grep -q 'inet 10\.78\.0\.100/'; then ip -n "$(space "$1")" address delete 10.78.0.100/24 dev watch0; fi
}

end_vrrps() {
  local m pid
  for m in $MACHINES; do
    for pid in $(ip netns pids "$(space "$m")"); do grep -qxE 'keepalived|effects' "/proc/$pid/comm" && kill -9 "$pid"; done
    drop_address "$m"
  done
}

another_answers() { tail -n "+$(($1 + 1))" "$WORK/probed" | awk '$5 != $6 { found = 1 } END { exit !found }'; }

# From the answer that grants a lease, which is never renewed, until somebody who watches is told that its key is gone.
expire_leases() {
  local i id began
  (on 2 etcdctl --endpoints="http://$(address 2):2379" watch bench-floor) 2>&1 | while read -r line; do [ "$line" = DELETE ] && date +%s%N >>"$WORK/gone"; done &
  sleep 1
  for ((i = 0; i < ROUNDS; i++)); do
    : >"$WORK/gone"
    id=$( (on 1 etcdctl --endpoints="http://$(address 1):2379" lease grant "$LEASE") | awk '{ print $2 }')
    began=$(date +%s%N)
    (on 1 etcdctl --endpoints="http://$(address 1):2379" put --lease="$id" bench-floor x) || return 1
    until_so 30 test -s "$WORK/gone" || return 1
    echo $((($(head -n 1 "$WORK/gone") - began) / 1000000)) | tee -a "$WORK/floor"
  done
}

step "The machines" make_machines
step "C tools for them" compile_these
watch_effects
step "A cluster of three" begin_cluster
step "A service that is led" deploy worker warm
step "One that fails over when it exits" deploy exits warm 'restart: {onExit: failover}'
if [ -n "$VRRP" ]; then
  step "keepalived" start_vrrps
  step "keepalived's node lost" lose_vrrp
  step "keepalived ends" end_vrrps
fi
step "etcd's own end of a lease" expire_leases
step "Switchovers" switch_over worker warm switchover
step "One that stands by hot" deploy hot hot
step "Switchovers of it" switch_over hot hot switchover-hot
step "Agents killed" kill_agents
step "Processes killed" fail_on_exit
step "Nodes lost" lose_nodes lost no "$ROUNDS"
step "Nodes lost together with etcd's leader" lose_nodes with-etcd yes "$SHORT"
if grep -q '^late' "$WORK/heard"; then die "Effects of an epoch came after those of a later one: $(grep -c '^late' "$WORK/heard")"; fi

source bench/lib/verdicts.sh
figure() { # TITLE FILE MEDIAN MAXIMUM
  local file=$WORK/$2 half most
  [ -s "$file" ] || : >"$file"
  half=$(median "$file") most=$(rank "$file" 1)
  fact "failover.$2" "$half"
  fact "failover.$2.most" "$most"
  printf '| %s | %s | %s | %s | %s | %s |\n' "$1" "$(wc -l <"$file")" "$half ms" "$most ms" "$([ -z "$3" ] || echo "median ≤ $3 ms${4:+, most ≤ $4 ms}")" \
    "$([ -z "$3" ] || echo "$(most "$half" "$3")${4:+; most: $(most "$most" "$4")}")"
}

report() {
  echo "# How long nobody acts, $TODAY"
  echo
  echo "Three machines in network namespaces, on each a member of etcd $(etcd --version | awk 'NR == 1 { print $3 }') (its data in memory) and a node; leases of $LEASE s. A worker sends what it does every 5 ms over a link" \
    "that is never cut. The time is from the last effect of one epoch to the first of the next, as received in one place. No effect of an epoch came after one of a later epoch."
  echo
  echo "| what | times | median | most | to reach | verdict |"
  echo "|---|---:|---:|---:|---|---|"
  figure "node lost: all its processes killed at once" lost 3300 3700
  figure "the same, with etcd's leader on it" with-etcd "" ""
  echo "| … of it to reach | | | | most ≤ 6500 ms | $(most "$(rank "$WORK/with-etcd" 1)" 6500) |"
  figure "process killed, \`restart.onExit: failover\`" exit 150 ""
  figure "switchover, warm standby" switchover "" ""
  figure "switchover, hot standby" switchover-hot "" ""
  echo "| … of it to reach | | | | most ≤ 300 ms | $(most "$(rank "$WORK/switchover-hot" 1)" 300) |"
  figure "agent killed and back: the longest silence, in the same epoch and of the same process (0: none of more than 20 ms)" agent 0 ""
  echo "| … not back before the deadline, so that another led | $(wc -l 2>/dev/null <"$WORK/agent-late" || echo 0) | | | | |"
  figure "… and in as much time in which nothing is done, on this machine" calm "" ""
  figure "etcd's own end of a lease of $LEASE s that nobody renews: the floor" floor "" ""
  [ -z "$VRRP" ] || figure "keepalived $(version_of keepalived | sed 's/^[0-9]*://; s/-.*//'), VRRP with advert_int 1: node lost" vrrp "" ""
  echo
  echo "A node that is lost has renewed its lease up to a fifth of it before, so its leader's gap can be shorter than the lease; etcd looks for ended leases every 500 ms."
}
PEERS="keepalived $(version_of keepalived), etcd $(version_of etcd-server), as Debian packages them"
keep report
