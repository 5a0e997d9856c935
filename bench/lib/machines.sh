# Machines in network namespaces: a hub and N of them, each with a link to the others (net0) and one to who watches (watch0). Sourced after common.sh; needs root.
MACHINES="1 2 3"
HUB=hfb$$-hub
LEASE=3

space() { echo "hfb$$-$1"; }
address() { echo "10.77.0.$1"; }

# on MACHINE COMMAND…  becomes the command: its process id is that of the caller's subshell.
on() { local net=/run/netns/$(space "$1"); shift; exec nsenter --net="$net" -- "$@"; }

in_hub() { exec nsenter --net="/run/netns/$HUB" -- "$@"; }

make_machines() {
  local m
  ip netns add "$HUB" && ip -n "$HUB" link set lo up || return 1
  for m in machines:10.77.0.254 watch:10.78.0.254; do
    ip -n "$HUB" link add "${m%%:*}" type bridge && ip -n "$HUB" address add "${m##*:}/24" dev "${m%%:*}" && ip -n "$HUB" link set "${m%%:*}" up || return 1
  done
  for m in $MACHINES; do
    ip netns add "$(space "$m")" && ip -n "$(space "$m")" link set lo up || return 1
    link "$m" "n$m" net0 machines "$(address "$m")" && link "$m" "w$m" watch0 watch "10.78.0.$m" || return 1
  done
}

link() { # MACHINE AT-HUB INSIDE BRIDGE ADDRESS
  ip -n "$HUB" link add "$2" type veth peer name "$3" netns "$(space "$1")" && ip -n "$HUB" link set "$2" master "$4" up &&
    ip -n "$(space "$1")" address add "$5/24" dev "$3" && ip -n "$(space "$1")" link set "$3" up
}

remove_machines() {
  local m
  for m in $MACHINES; do power_off "$m"; ip netns delete "$(space "$m")" 2>/dev/null; done
  for m in $(ip netns pids "$HUB" 2>/dev/null); do kill -9 "$m" 2>/dev/null; done
  ip netns delete "$HUB" 2>/dev/null
  true
}

# Its link goes first, so that nobody is told of the end of a connection; then all that runs on it is gone at once, and what is being started, too.
power_off() {
  local pids
  ip -n "$HUB" link set "n$1" down 2>/dev/null || true # there is none where making the machines failed half way
  while pids=$(ip netns pids "$(space "$1")" 2>/dev/null) && [ -n "$pids" ]; do
    # shellcheck disable=SC2086 # several ids are several words
    kill -9 $pids 2>/dev/null || true # one of them may have ended meanwhile: the loop looks again
  done
}

power_on() {
  ip -n "$HUB" link set "n$1" up
  start_etcd "$1"
  start_node "$1"
}

start_etcd() {
  local m=$1 client peers
  client=http://$(address "$m"):2379
  peers=$(for i in $MACHINES; do printf 'm%s=http://%s:2380\n' "$i" "$(address "$i")"; done | paste -sd,)
  (on "$m" etcd --name "m$m" --data-dir "$ETCD_DATA/m$m" --listen-client-urls "$client" --advertise-client-urls "$client" \
    --listen-peer-urls "http://$(address "$m"):2380" --initial-advertise-peer-urls "http://$(address "$m"):2380" \
    --initial-cluster "$peers" --initial-cluster-token "hfb$$" --initial-cluster-state new) >>"$WORK/etcd.$m" 2>&1 &
  disown
}

endpoints() { for m in $MACHINES; do echo "http://$(address "$m"):2379"; done | paste -sd,; }

# node MACHINE ARGUMENTS…  one of its commands.
node() { local m=$1; shift; (export HOLDFAST_HOME=$WORK/home.$m; on "$m" "$HOLDFAST_BIN/holdfast" "$@"); }

start_node() {
  local m=$1
  (export HOLDFAST_HOME=$WORK/home.$m; on "$m" "$HOLDFAST_BIN/holdfast" agent --metrics 127.0.0.1:0 --listen "$(address "$m"):7443") >>"$WORK/agent.$m" 2>&1 &
  echo $! >"$WORK/agent.$m.pid"
  disown
}

# until_so SECONDS COMMAND…  false if it never was.
until_so() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || { echo "never: $*"; return 1; }
    sleep 0.1
  done
}

begin_cluster() {
  local m
  ETCD_DATA=$(mktemp -d "$(test -d /dev/shm && echo /dev/shm || echo "$WORK")/hfb-etcd-XXXXXX")
  for m in $MACHINES; do mkdir -p "$WORK/home.$m"; start_etcd "$m"; done
  node 1 keys init && node 1 certs init --node node-1 --address "$(address 1)" || return 1
  until_so 60 node 1 cluster init --name bench --node node-1 --etcd "$(endpoints)" --lease "${LEASE}s" || return 1
  for m in $MACHINES; do
    [ "$m" = 1 ] || trust "$m" || return 1
    start_node "$m"
  done
  for m in $MACHINES; do until_so 60 node "$m" ps || return 1; done
}

# As an administrator gives a node what the first one trusts.
trust() {
  local m=$1 file from=$WORK/home.1 to=$WORK/home.$1
  mkdir -p "$to/keys/pki" "$to/policy"
  # Which of them there are is `keys init`'s matter.
  for file in keys/dev-ca.pem policy/trust.yaml; do [ ! -e "$from/$file" ] || cp "$from/$file" "$to/$file" || return 1; done
  (cd "$WORK" && node 1 certs issue node "node-$m" --address "$(address "$m")") || return 1
  cp "$from/keys/pki/roots.pem" "$to/keys/pki/" && cp "$WORK/node-$m.pem" "$to/keys/pki/node.pem" || return 1
  sed "s/\"node-1\"/\"node-$m\"/" "$from/cluster.json" >"$to/cluster.json"
}

# leader SERVICE  the machine whose node leads it, by what a node says that is there; empty: nobody does.
leader() {
  local m
  for m in $MACHINES; do
    node "$m" leader "$1" -o json 2>/dev/null | field leader | sed -n 's/^node-//p' | grep . && return 0
  done
  return 1
}

leads() { [ "$(leader "$1")" = "$2" ]; }

# What each node knows, and what its agent said last, where something was waited for in vain.
say_what_is() {
  local m
  for m in $MACHINES; do
    echo "== node-$m"
    # What it cannot say is part of what is.
    node "$m" leader worker || echo "(exit code $?)"
    node "$m" nodes || echo "(exit code $?)"
    tail -n 15 "$WORK/agent.$m"
  done
}

# Each node knows of all three that they could lead at once.
all_warm() {
  local m
  for m in $MACHINES; do [ "$(candidates "$m" "$1" 'warm\|hot')" -eq 3 ] || return 1; done
}

# … and of the two that do not lead that the service runs on them.
all_hot() {
  local m
  all_warm "$1" || return 1
  for m in $MACHINES; do [ "$(candidates "$m" "$1" hot)" -eq 2 ] || return 1; done
}

candidates() { # MACHINE SERVICE STANDBY  how many of them that machine knows of
  node "$1" leader "$2" -o json | tr -d '\n ' | grep -o "\"standby\":\"\($3\)\",\"excluded\":null" | wc -l
}

# The machine that etcd's leader is on, by what its members have said.
etcd_leader() {
  local m
  for m in $MACHINES; do
    printf '%s %s\n' "$(grep -aoE 'became leader at term [0-9]+' "$WORK/etcd.$m" | tail -n 1 | grep -oE '[0-9]+$' || echo 0)" "$m"
  done | sort -n | tail -n 1 | cut -d' ' -f2
}
