#!/usr/bin/env bash
# Calls: our gRPC beside servers on gRPC's own C++ (sync and callback) with the same contract, and beside Kestrel with nothing on it. Ours twice where it is
# saturated: as `dotnet publish` makes a service, and as the agent is built.
#   bench/rpc.sh
set -euo pipefail
cd "$(dirname "$0")/.."
LOG_NAME=rpc
source bench/lib/common.sh
source bench/lib/verdicts.sh

PEERS="libgrpc++ $(version_of libgrpc++-dev) (its sync and its callback server); load by nghttp2-client $(version_of nghttp2-client) and libnghttp2 $(version_of libnghttp2-dev)"

ROUNDS=$(quick 1 3)
SATURATED_SECONDS=$(quick 1 3)
WARM_SECONDS=$(quick 1 4)
CONNECTIONS="1 8 64"
STREAMS=100
BODY=50
RATES=$(quick "1000 5000" "1000 5000 10000")
TLS_RATE=5000
RATE_SECONDS=$(quick 2 5)
SHORT=1024 SHORT_COUNT=$(quick 10000 100000)
LONG=1048576 LONG_COUNT=$(quick 20 200)
FEW_CALLS=$(quick 20000 100000) MANY_CALLS=$(quick 50000 400000)
SERVERS="holdfast callback sync"
SATURATED="$SERVERS agent kestrel"
SERVER_CORE=0 CLIENT_CORE=1
OUT=$PWD/artifacts/bench/rpc
# The kind of calls by which a figure is judged where the design names none.
JUDGED=PLAIN.8

want_library() { # NAME PACKAGE WHY
  pkg-config --exists "$1" && return 0
  install_packages "$2" "$3"
  pkg-config --exists "$1" && return 0
  say "  Not there: $2 ($3). To have it: sudo apt-get install -y $2"
  return 1
}

need_peers() {
  want g++ g++ "compiles the C++ servers" && want gcc gcc "compiles the client" && want pkg-config pkg-config "finds their libraries" &&
    want protoc protobuf-compiler "makes the C++ messages" && want grpc_cpp_plugin protobuf-compiler-grpc "makes the C++ services" &&
    want_library grpc++ libgrpc++-dev "the peer" && want_library libnghttp2 libnghttp2-dev "the client" && want_library openssl libssl-dev "the client's TLS" &&
    want h2load nghttp2-client "the load" && want openssl openssl "the certificate" && want taskset util-linux "a core for each side"
}

build_ours() {
  dotnet publish bench/Rpc -c Release -r "$(host_rid)" --self-contained false -o "$OUT/bin" -v q -m:1 &&
    dotnet publish bench/Rpc -c Release -r "$(host_rid)" --self-contained false -p:PublishReadyToRun=true -p:TieredPGO=false -p:EventSourceSupport=false -o "$OUT/agent" -v q -m:1
}

# shellcheck disable=SC2046 # pkg-config's flags are several words
build_peers() {
  mkdir -p "$OUT"
  protoc -I bench/Rpc --cpp_out="$OUT" --grpc_out="$OUT" --plugin=protoc-gen-grpc="$(command -v grpc_cpp_plugin)" bench.proto || return 1
  g++ -O2 -std=c++17 -I "$OUT" -o "$OUT/rpc-cpp" bench/Rpc/cpp/server.cc "$OUT/bench.pb.cc" "$OUT/bench.grpc.pb.cc" $(pkg-config --cflags --libs grpc++ protobuf) &&
    gcc -O2 -Wall -Wextra -o "$OUT/load" bench/Rpc/load.c $(pkg-config --cflags --libs libnghttp2 openssl)
}

# What h2load sends as it is: flag and length, then a Payload of 50 bytes.
prepare() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -days 2 -keyout "$WORK/key.pem" -out "$WORK/certificate.pem"
  { printf '\0\0\0\0\x34\x0a\x32' && head -c "$BODY" /dev/zero; } >"$WORK/body"
}

declare -A PID PORT PER_SECOND

start() { # SERVER PLAIN|TLS
  local key=$1.$2 program left=100
  local files=()
  case $1 in
    holdfast | kestrel) program=$OUT/bin/rpc-server ;;
    agent) program=$OUT/agent/rpc-server ;;
    *) program=$OUT/rpc-cpp ;;
  esac
  [ "$2" = PLAIN ] || files=("$WORK/certificate.pem" "$WORK/key.pem")
  taskset -c "$SERVER_CORE" "$program" "$1" ${files[@]+"${files[@]}"} >"$WORK/$key.out" 2>>"$LOG" </dev/null &
  PID[$key]=$!
  STARTED+=($!)
  until [ -s "$WORK/$key.out" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "$key does not listen"; return 1; }
    sleep 0.1
  done
  PORT[$key]=$(head -n 1 "$WORK/$key.out")
}

load() { taskset -c "$CLIENT_CORE" "$OUT/load" "$@"; }

# flood SERVER.PLAIN|TLS CONNECTIONS CALLS  sets RATE (calls a second); every call must be answered.
flood() {
  local scheme=http
  [ "${1#*.}" = PLAIN ] || scheme=https
  taskset -c "$CLIENT_CORE" h2load -c "$2" -m "$STREAMS" -n "$3" -d "$WORK/body" -H content-type:application/grpc -H te:trailers \
    "$scheme://127.0.0.1:${PORT[$1]}/holdfast.bench.Bench/Echo" >"$WORK/h2load" 2>&1 || { cat "$WORK/h2load"; return 1; }
  grep -q " $3 succeeded, 0 failed" "$WORK/h2load" || { cat "$WORK/h2load"; return 1; }
  RATE=$(sed -n 's/^finished in .*, \([0-9.]*\) req\/s.*/\1/p' "$WORK/h2load")
}

start_all() {
  local server security
  for security in PLAIN TLS; do
    for server in $SATURATED; do
      start "$server" "$security" || return 1
      # h2load looks at HTTP's status only; that the answers are right is seen here. Kestrel alone keeps no contract.
      [ "$server" = kestrel ] || load "${PORT[$server.$security]}" "$security" check || return 1
    done
  done
}

# Until everything is compiled that is compiled as it is used; tells how many calls fill the time.
warm() {
  local key
  for key in "${!PORT[@]}"; do
    flood "$key" 8 10000 && flood "$key" 8 "$(calc %.0f "$RATE * $WARM_SECONDS")" && flood "$key" 8 "$(calc %.0f "$RATE * $WARM_SECONDS")" || return 1
    PER_SECOND[$key]=$RATE
    [ "${key%.*}" = kestrel ] || load "${PORT[$key]}" "${key#*.}" down $SHORT 20000 && load "${PORT[$key]}" "${key#*.}" up $SHORT 20000 || [ "${key%.*}" = kestrel ] || return 1
  done
}

saturated() {
  local round security connections server key calls before
  for ((round = 0; round < ROUNDS; round++)); do
    for security in PLAIN TLS; do
      for connections in $CONNECTIONS; do
        for server in $SATURATED; do
          key=$server.$security
          calls=$(calc %.0f "${PER_SECOND[$key]} * $SATURATED_SECONDS")
          before=$(cpu_time "${PID[$key]}")
          flood "$key" "$connections" "$calls" || return 1
          calc '%.3f\n' "($(cpu_time "${PID[$key]}") - $before) / 1000 / $calls" >>"$WORK/cpu.$key.$connections"
          echo "$RATE" >>"$WORK/rate.$key.$connections"
        done
      done
    done
  done
}

at_rates() {
  local round rate server
  for ((round = 0; round < ROUNDS; round++)); do
    for rate in $RATES; do
      for server in $SERVERS; do latency "$server" PLAIN "$rate" || return 1; done
    done
    for server in $SERVERS; do latency "$server" TLS "$TLS_RATE" || return 1; done
  done
}

latency() { # SERVER PLAIN|TLS RATE
  local figures
  figures=$(load "${PORT[$1.$2]}" "$2" rate 8 "$BODY" "$3" "$RATE_SECONDS") || return 1
  # shellcheck disable=SC2086 # five figures
  set -- "$1.$2.$3" $figures
  [ "$6" = 0 ] || { echo "$1: $6 calls failed"; return 1; }
  echo "$2" >>"$WORK/p50.$1"
  echo "$3" >>"$WORK/p99.$1"
  echo "$4" >>"$WORK/p999.$1"
  echo "$5" >>"$WORK/most.$1"
}

streams() {
  local round security way server
  for ((round = 0; round < ROUNDS; round++)); do
    for security in PLAIN TLS; do
      for way in down up; do
        for server in $SERVERS; do stream "$server.$security" "$way" "$SHORT" "$SHORT_COUNT" || return 1; done
        for server in $SERVERS; do stream "$server.$security" "$way" "$LONG" "$LONG_COUNT" || return 1; done
      done
    done
  done
}

stream() { # SERVER.PLAIN|TLS down|up BYTES MESSAGES
  local before took
  before=$(cpu_time "${PID[$1]}")
  took=$(load "${PORT[$1]}" "${1#*.}" "$2" "$3" "$4") || return 1
  calc '%.1f\n' "$3 * $4 / 1000000 / $took" >>"$WORK/speed.$1.$2.$3"
  calc '%.1f\n' "($(cpu_time "${PID[$1]}") - $before) / 1000 / ($3 * $4 / 1000000)" >>"$WORK/permb.$1.$2.$3"
}

# allocated SERVER.PLAIN|TLS  sets ALLOCATED and MESSAGE, in bytes.
allocated() {
  local lines left=100
  lines=$(wc -l <"$WORK/$1.out")
  kill -HUP "${PID[$1]}"
  until [ "$(wc -l <"$WORK/$1.out")" -gt "$lines" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "$1 does not say what it allocated"; return 1; }
    sleep 0.1
  done
  read -r ALLOCATED MESSAGE < <(tail -n 1 "$WORK/$1.out")
}

# The difference of many calls and few, so that what connections and streams take at first is in neither.
allocations() {
  local server round calls begun before
  for ((round = 0; round < ROUNDS; round++)); do
    for server in holdfast kestrel; do
      begun=0
      for calls in $FEW_CALLS $MANY_CALLS; do
        allocated "$server.PLAIN" && before=$ALLOCATED && flood "$server.PLAIN" 8 "$calls" && allocated "$server.PLAIN" || return 1
        begun=$((ALLOCATED - before - begun))
      done
      [ "$server" = holdfast ] || MESSAGE=0
      calc '%.0f\n' "$begun / ($MANY_CALLS - $FEW_CALLS) - $MESSAGE" >>"$WORK/bytes.$server"
      echo "$MESSAGE" >"$WORK/message.$server"
    done
  done
}

say "Calls: each server on core $SERVER_CORE, the load on core $CLIENT_CORE"
[ "$(nproc)" -ge 2 ] || { say "Not measured: server and load want a core each."; exit 0; }
need_peers || { say "Not measured: the peers are not all there."; exit 0; }
need_sdk
step "Our server" build_ours
step "The C++ servers and the client" build_peers
step "Certificate and message" prepare
step "All servers start, and keep the contract" start_all
step "Until they are warm" warm
step "Saturated, in turns, $ROUNDS times" saturated
step "At fixed rates, in turns, $ROUNDS times" at_rates
step "Streams, in turns, $ROUNDS times" streams
step "Allocation" allocations

name_of() {
  case $1 in
    holdfast) echo "Holdfast.Rpc" ;;
    agent) echo "Holdfast.Rpc, as the agent is built" ;;
    callback) echo "gRPC C++ callback" ;;
    sync) echo "gRPC C++ sync" ;;
    kestrel) echo "bare Kestrel" ;;
  esac
}

per_second() { calc %.0f "1000000 / $(median "$WORK/cpu.$1")"; }
words() { if [ "$1" = PLAIN ]; then echo "without TLS"; else echo "TLS"; fi; }

report() {
  local security connections server key rate way size gain p99
  echo "# Calls beside gRPC's C++, $TODAY"
  echo
  [ -z "$BENCH_QUICK" ] || echo "**Quick: to see that the script works. No figure to quote.**"
  echo "One contract (bench/Rpc/bench.proto) on every server, each on core $SERVER_CORE, the load on core $CLIENT_CORE, over loopback; medians of $ROUNDS rounds in turns." \
    "Holdfast.Rpc and bare Kestrel: as \`dotnet publish\` makes a service, and the pool's threads do not spin (docs/rpc.md). As the agent is built: ahead of time, no profile-guided recompilation." \
    "Bare Kestrel reads the body and answers fixed bytes." \
    "CPU is the server process's, from the kernel. TLS 1.3 with a P-256 certificate, the handshakes included."
  echo
  echo "| what | Holdfast.Rpc | C++ callback | to reach | verdict |"
  echo "|---|---:|---:|---|---|"
  for security in PLAIN TLS; do
    for connections in $CONNECTIONS; do
      gain=$(ratio "$(median "$WORK/cpu.callback.$security.$connections")" "$(median "$WORK/cpu.holdfast.$security.$connections")")
      echo "| calls per second of CPU, $connections × $STREAMS, $(words $security) | $(per_second "holdfast.$security.$connections") |" \
        "$(per_second "callback.$security.$connections") | ≥ 2.5 × | $gain: $(least "$gain" 2.5) |"
    done
  done
  for key in $(for rate in $RATES; do echo "PLAIN.$rate"; done) "TLS.$TLS_RATE"; do
    p99=$(ratio "$(median "$WORK/p99.holdfast.$key")" "$(median "$WORK/p99.callback.$key")")
    echo "| p99 at ${key#*.} calls a second, $(words "${key%.*}") | $(median "$WORK/p99.holdfast.$key") µs | $(median "$WORK/p99.callback.$key") µs | ≤ 1 × | $p99: $(most "$p99" 1) |"
  done
  echo "| allocated for a unary call beyond its messages | $(median "$WORK/bytes.holdfast") B | – | ≤ 150 B | $(most "$(median "$WORK/bytes.holdfast")" 150) |"
  echo
  echo "## Saturated"
  echo
  echo "Unary Echo of $BODY bytes by h2load, closed loop, $STREAMS streams on each connection, about $SATURATED_SECONDS s each; all calls answered. The client checked the answers of" \
    "each server before (status, bytes), h2load itself does not look into them. \`h2load -c CONNECTIONS -m $STREAMS -n CALLS -d body -H content-type:application/grpc -H te:trailers\`"
  echo
  echo "| connections | server | calls a second | CPU of a call | calls per second of CPU |"
  echo "|---|---|---:|---:|---:|"
  for security in PLAIN TLS; do
    for connections in $CONNECTIONS; do
      for server in $SATURATED; do
        key=$server.$security.$connections
        echo "| $connections, $(words $security) | $(name_of "$server") | $(calc %.0f "$(median "$WORK/rate.$key")") | $(calc %.1f "$(median "$WORK/cpu.$key")") µs | $(per_second "$key") |"
      done
    done
  done
  echo
  echo "## At fixed rates"
  echo
  echo "The same Echo from bench/Rpc/load.c, 8 connections, $RATE_SECONDS s (the first second not counted). Open loop: a call is due at its time whatever the answers do, and its" \
    "latency counts from then. The client waits busily, so its waking up is not in the figures; the server's is."
  echo
  echo "| calls a second | server | p50 | p99 | p99.9 | most |"
  echo "|---|---|---:|---:|---:|---:|"
  for key in $(for rate in $RATES; do echo "PLAIN.$rate"; done) "TLS.$TLS_RATE"; do
    for server in $SERVERS; do
      echo "| ${key#*.}, $(words "${key%.*}") | $(name_of "$server") | $(median "$WORK/p50.$server.$key") µs | $(median "$WORK/p99.$server.$key") µs |" \
        "$(median "$WORK/p999.$server.$key") µs | $(median "$WORK/most.$server.$key") µs |"
    done
  done
  echo
  echo "## Streams"
  echo
  echo "One stream of $SHORT_COUNT messages of 1 KiB or $LONG_COUNT of 1 MiB, from the server (down) or to it (up), the same client; its windows are 16 MiB."
  echo
  echo "| stream | server | MB/s | messages a second | CPU of a MB |"
  echo "|---|---|---:|---:|---:|"
  for security in PLAIN TLS; do
    for way in down up; do
      for size in $SHORT $LONG; do
        for server in $SERVERS; do
          key=$server.$security.$way.$size
          echo "| $way, $([ "$size" = $SHORT ] && echo 1 KiB || echo 1 MiB), $(words $security) | $(name_of "$server") | $(median "$WORK/speed.$key") |" \
            "$(calc %.0f "$(median "$WORK/speed.$key") * 1000000 / $size") | $(median "$WORK/permb.$key") µs |"
        done
      done
    done
  done
  echo
  echo "## Allocation"
  echo
  echo "GC.GetTotalAllocatedBytes(precise) of the server, the difference of $MANY_CALLS calls and $FEW_CALLS over 8 connections, divided by the calls between: what connections take" \
    "at first is in neither. Of it go the messages: $(cat "$WORK/message.holdfast") B, as parsing a request of $BODY bytes and making the answer take them (request, its bytes, answer)." \
    "What is left counts everything else, the Task of the handler included: $(median "$WORK/bytes.holdfast") B. Bare Kestrel, which has no messages: $(median "$WORK/bytes.kestrel") B."
}

for server in $SERVERS kestrel; do fact "$server.persecond" "$(per_second "$server.$JUDGED")"; done
fact latency.rate "$TLS_RATE"
for server in $SERVERS; do fact "$server.p99" "$(median "$WORK/p99.$server.PLAIN.$TLS_RATE")"; done
for server in holdfast kestrel; do fact "$server.bytes" "$(median "$WORK/bytes.$server")"; done
keep report
