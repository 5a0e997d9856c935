#!/usr/bin/env bash
# From a service's stdout to a receiver on the loopback, beside rsyslog from a file to the same receiver; encoding; the audit log beside a loop of
# fdatasync; memory while the receiver is away.
#   bench/telemetry.sh [MIB [SECONDS]]      default 1024, in lines of 100 bytes; 300 without a receiver
set -euo pipefail
cd "$(dirname "$0")/.."
LOG_NAME=telemetry
source bench/lib/common.sh
source bench/lib/verdicts.sh

MIB=${1:-$(quick 64 1024)}
ROUNDS=$(quick 1 5)
TICKS=$(quick 200 2000)
AWAY_SECONDS=${2:-$(quick 10 300)}
ENTRIES=$(quick 500 2000)
LINES=$(((MIB << 20) / 100))
PORT=$((20000 + $$ % 20000))
PEER_PORT=$((PORT + 1))
say "Telemetry: $MIB MiB"
need_product
want rsyslogd rsyslog "the peer" || die "Without it there is nothing to compare with."
PATH=$PATH:/usr/sbin
PEERS="rsyslog $(version_of rsyslog)"

serve() { # NAME PORT
  "$TOOLS/drain" serve "$2" "$WORK/$1.seen" &
  SERVER=$!
  STARTED+=("$SERVER")
}

lines_of() { "$TOOLS/drain" show "$WORK/$1.seen" | cut -d' ' -f1; }

# await_lines NAME COUNT  until the receiver has so many lines in all.
await_lines() {
  local left=6000
  until [ "$(lines_of "$1")" -ge "$2" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "$1 has $(lines_of "$1") of $2 lines"; return 1; }
    sleep 0.05
  done
}

start_ours() {
  serve holdfast "$PORT"
  OUR_SERVER=$SERVER
  mkdir -p "$WORK/home"
  holdfast keys init
  mkdir -p "$WORK/home/policy"
  printf '%s\n' 'apiVersion: holdfast/v1' 'kind: Sinks' 'sinks:' '  - name: drain' '    services: ["flood*", ticker]' "    lines: {host: 127.0.0.1, port: $PORT}" >"$WORK/home/policy/sinks.yaml"
  chmod 600 "$WORK/home/policy/sinks.yaml"
  start_agent
}

deploy() { # NAME COMMAND
  rm -rf "$WORK/spec"
  mkdir -p "$WORK/spec/bin"
  cp "$TOOLS/flood" "$TOOLS/ticker" "$WORK/spec/bin/"
  printf '%s\n' 'apiVersion: holdfast/v1' 'kind: Service' "name: $1" 'version: 1.0.0' 'ready: started' 'restart: {policy: never}' "command: [$2]" \
    'output: {onFull: block, rotate: {size: 64MiB}, keep: {size: 8GiB}}' >"$WORK/spec/holdfast.yaml"
  holdfast pack "$WORK/spec" -o "$WORK/spec.hfpkg" && holdfast sign "$WORK/spec.hfpkg" && holdfast deploy "$WORK/spec.hfpkg"
  rm -f "$WORK/spec.hfpkg"
}

start_peer() {
  serve rsyslog "$PEER_PORT"
  mkdir -p "$WORK/rsyslog"
  : >"$WORK/rsyslog/in.log"
  cat >"$WORK/rsyslog/conf" <<TEXT
global(workDirectory="$WORK/rsyslog" maxMessageSize="64k")
module(load="imfile" mode="inotify")
template(name="line" type="string" string="%msg%\n")
ruleset(name="out" queue.type="LinkedList" queue.size="200000" queue.dequeueBatchSize="1024" queue.timeoutEnqueue="600000") {
  action(type="omfwd" target="127.0.0.1" port="$PEER_PORT" protocol="tcp" template="line" action.resumeRetryCount="-1")
}
input(type="imfile" file="$WORK/rsyslog/in.log" tag="flood" ruleset="out" persistStateInterval="10000")
TEXT
  rsyslogd -n -f "$WORK/rsyslog/conf" -i "$WORK/rsyslog/pid" 2>"$WORK/rsyslog/said" &
  PEER=$!
  STARTED+=("$PEER")
  printf 'a first line\n' >>"$WORK/rsyslog/in.log"
  await_lines rsyslog 1
}

our_processes() { echo "$(supervisor_pid) $(guard_pid) $AGENT"; }

# flow NAME PROCESSES RESULT BEFORE  what one run was: MB/s from the first write to the last line's arrival, CPU seconds for a GB.
note_flow() {
  local name=$1 began last cpu
  began=$(tail -n 1 "$WORK/$name.result" | cut -d' ' -f2)
  last=$("$TOOLS/drain" show "$WORK/$name.seen" | cut -d' ' -f3)
  # shellcheck disable=SC2086 # several ids are several words
  cpu=$(($(cpu_time $2) - $3))
  calc '%.1f\n' "$LINES * 100 / 1e6 / (($last - $began) / 1e9)" >>"$WORK/$name.rate"
  calc '%.2f\n' "($cpu / 1e9) / ($LINES * 100 / 1e9)" >>"$WORK/$name.cpu"
  tail -n 1 "$WORK/$name.result" | cut -d' ' -f1 >>"$WORK/$name.taken"
}

flow_ours() {
  local before cpu
  before=$(lines_of holdfast)
  # shellcheck disable=SC2046
  cpu=$(cpu_time $(our_processes))
  holdfast restart flood >/dev/null || return 1
  await_lines holdfast $((before + LINES)) || return 1
  note_flow holdfast "$(our_processes)" "$cpu"
}

flow_peer() {
  local before cpu
  before=$(lines_of rsyslog)
  cpu=$(cpu_time "$PEER")
  "$TOOLS/flood" 65536 "$MIB" "$WORK/rsyslog.result" >>"$WORK/rsyslog/in.log"
  await_lines rsyslog $((before + LINES)) || return 1
  note_flow rsyslog "$PEER" "$cpu"
}

flows() {
  local i
  deploy flood "bin/flood, '65536', '$MIB', $WORK/holdfast.result"
  await_lines holdfast "$LINES" || return 1
  for ((i = 0; i < ROUNDS; i++)); do
    flow_ours || return 1
    flow_peer || return 1
  done
}

latencies() {
  deploy ticker "bin/ticker, '5', '$TICKS'"
  await_lines holdfast $(($(lines_of holdfast) + TICKS - 50)) || return 1
  "$TOOLS/drain" ticks "$WORK/holdfast.seen" >"$WORK/holdfast.ticks"
  local before
  before=$(lines_of rsyslog)
  "$TOOLS/ticker" 5 "$TICKS" >>"$WORK/rsyslog/in.log"
  await_lines rsyslog $((before + TICKS - 50)) || return 1
  "$TOOLS/drain" ticks "$WORK/rsyslog.seen" >"$WORK/rsyslog.ticks"
}

# The receiver goes, and a service writes 100 MB/s all the same.
away() {
  local before
  pss agent >"$WORK/away.before"
  pss holdfast >"$WORK/away.supervisor.before"
  kill "$OUR_SERVER"
  before=$(wc -l <"$WORK/away.result" 2>/dev/null || echo 0)
  deploy flood-away "bin/flood, '65536', '$((AWAY_SECONDS * 100000000 / 1048576))', $WORK/away.result, '100'"
  local left=$((AWAY_SECONDS * 20 + 600))
  until [ "$(wc -l <"$WORK/away.result" 2>/dev/null || echo 0)" -gt "$before" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "it has not written all"; return 1; }
    sleep 0.1
  done
  pss agent >"$WORK/away.after"
  pss holdfast >"$WORK/away.supervisor.after"
}

encode() { "artifacts/bench/bin/telemetry" encode | tee "$WORK/encoded"; }

audits() {
  local i
  for ((i = 0; i < ROUNDS; i++)); do
    "$TOOLS/appender" "$WORK/appended" "$ENTRIES" 420 >>"$WORK/append.floor"
    artifacts/bench/bin/telemetry audit "$WORK/audit.$i.1" "$ENTRIES" 1 >>"$WORK/append.one"
    artifacts/bench/bin/telemetry audit "$WORK/audit.$i.64" $((ENTRIES * 8)) 64 >>"$WORK/append.many"
  done
}

step "The measuring program" helper Telemetry
step "A node and a receiver" start_ours
step "rsyslog and a receiver" start_peer
step "In turns: holdfast rsyslog" flows
step "How long a line takes" latencies
step "Encoding" encode
step "The audit log" audits
step "$AWAY_SECONDS s without a receiver" away

encoded() { awk -v kind="$1" -v column="$2" '$1 == kind { print $column }' "$WORK/encoded"; }

for name in holdfast rsyslog; do
  fact "$name.rate" "$(median "$WORK/$name.rate")"
  fact "$name.cpu" "$(median "$WORK/$name.cpu")"
  fact "$name.p50" "$(median "$WORK/$name.ticks")"
  fact "$name.p99" "$(rank "$WORK/$name.ticks" 0.99)"
done
fact text.ns "$(encoded text 2)"
fact text.bytes "$(encoded text 3)"
fact json.ns "$(encoded json 2)"
fact json.bytes "$(encoded json 3)"
for name in floor one many; do fact "append.$name" "$(median "$WORK/append.$name")"; done
for name in before after; do fact "away.$name" "$(calc %.1f "$(cat "$WORK/away.$name") + $(cat "$WORK/away.supervisor.$name")")"; done

line() { printf '| %s | %s | %s | %s |\n' "$@"; }

report() {
  local rate cpu one many
  rate=$(ratio "$(get holdfast.rate)" "$(get rsyslog.rate)") cpu=$(ratio "$(get holdfast.cpu)" "$(get rsyslog.cpu)")
  one=$(ratio "$(get append.one)" "$(get append.floor)") many=$(ratio "$(get append.many)" "$(get append.one)")
  echo "# From a line to its receiver, and the audit log, $TODAY"
  echo
  echo "\`bench/telemetry.sh $MIB $AWAY_SECONDS\`: $MIB MiB in lines of 100 bytes, median of $ROUNDS rounds taken in turns. Ours: pipe → captured, checked, made unreadable where secret, synced → each line an ECS event of some 350 bytes → TCP, and acknowledged there." \
    "rsyslog: a file (imfile) → a queue in memory → the line as it is (omfwd, TCP). MB are millions of bytes of lines, from the first write to the arrival of the last line; CPU is of supervisor, guard and agent, and of rsyslogd."
  echo
  echo "| | Holdfast | rsyslog | to reach |"
  echo "|---|---:|---:|---|"
  line "line → receiver" "$(get holdfast.rate) MB/s" "$(get rsyslog.rate) MB/s" "120 MB/s: $(least "$(get holdfast.rate)" 120); 5 × rsyslog: $rate, $(least "$rate" 5)"
  line "CPU seconds for a GB" "$(get holdfast.cpu)" "$(get rsyslog.cpu)" "≤ 0.2 × rsyslog: $cpu, $(most "$cpu" 0.2)"
  line "one line at a time: p50, p99" "$(get holdfast.p50), $(get holdfast.p99) µs" "$(get rsyslog.p50), $(get rsyslog.p99) µs" "reported"
  line "a line of text as an ECS event" "$(get text.ns) ns, $(get text.bytes) B allocated" "–" "≤ 250 ns: $(most "$(get text.ns)" 250); 0 B: $(most "$(get text.bytes)" 0)"
  line "a line of JSON as an ECS event" "$(get json.ns) ns, $(get json.bytes) B allocated" "–" "≤ 250 ns: $(most "$(get json.ns)" 250); 0 B: $(most "$(get json.bytes)" 0)"
  line "memory (PSS of supervisor, guard and agent), before and after $AWAY_SECONDS s without a receiver at 100 MB/s" "$(get away.before) → $(get away.after) MiB" "–" "flat"
  echo
  echo "| audit log | entries a second | to reach |"
  echo "|---|---:|---|"
  printf '| write(2) and fdatasync(2) of 420 bytes, nothing else | %s | – |\n' "$(get append.floor)"
  printf '| one writer | %s | ≥ 0.8 of that: %s, %s |\n' "$(get append.one)" "$one" "$(least "$one" 0.8)"
  printf '| 64 writers | %s | ≥ 10 × one: %s, %s |\n' "$(get append.many)" "$many" "$(least "$many" 10)"
}

step "All end" end_parents
keep report
