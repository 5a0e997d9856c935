#!/usr/bin/env bash
# Holdfast beside runit, s6 and supervisord, each with the same services under it, at several sizes: kill → next main(), all killed → all
# back, memory, idle CPU; and for Holdfast what grows with the services too: the agent's start, `holdfast ps`.
#   bench/fleet.sh [SERVICES…]      default 10 100 1000 3000; the table to quote is that of 1,000
set -euo pipefail
cd "$(dirname "$0")/.."
LOG_NAME=fleet
source bench/lib/common.sh

SIZES=("$@")
[ $# -gt 0 ] || read -ra SIZES <<<"$(quick '5 20' '10 100 1000 3000')"
KILLS=$(quick 4 100)          # of each, in turns
SLOW_KILLS=$(quick 1 10)      # of supervisord, which takes a second for each
MASSES=$(quick 1 3)
IDLE_SECONDS=$(quick 3 30)
STARTS=$(quick 1 5)           # of the agent
CALLS=$(quick 3 20)           # of the command line

say "Fleet: ${SIZES[*]} services"
need_product
step "The fleet's deployer" helper Fleet
step "Bare Kestrel" helper Kestrel
PEERS=()
! want runsvdir runit "a peer" || PEERS+=(runit)
! want s6-svscan s6 "a peer" || PEERS+=(s6)
! want supervisord supervisor "a peer" || PEERS+=(supervisord)

# Each further size begins with new parents: what an earlier one left in memory is not this one's.
start_all() { # SERVICES
  local parent
  start_floor
  step "$1 services: a node" new_node
  new_table holdfast "$1"
  write_spec "command: [bin/patient, $WORK/holdfast.table, '#']" 'ready: notify'
  step "$1 services: Holdfast" deploy_fleet "$1"
  RUNNING=(holdfast)
  for parent in ${PEERS[@]+"${PEERS[@]}"}; do
    if ((3 * $1 * (${#RUNNING[@]} + 1) > $(</proc/sys/kernel/pid_max) - 4000)); then
      say "  $parent is left out: kernel.pid_max has no room for its processes"
    elif try_step "$1 services: $parent" "start_$parent" "$1"; then RUNNING+=("$parent"); fi
  done
}

kill_in_turns() { # SERVICES
  local i parent slot
  for ((i = 0; i < KILLS; i++)); do
    slot=$((i * 7 % $1))
    killer kill "$WORK/floor.table" 0 60 >>"$WORK/$1.floor.kill"
    for parent in "${RUNNING[@]}"; do
      [ "$parent" = supervisord ] && ((i >= SLOW_KILLS)) && continue
      # runit's services with a script have even numbers, those without odd ones.
      if [ "$parent" = runit ]; then
        killer kill "$WORK/runit.table" $((slot / 2 * 2)) 60 >>"$WORK/$1.runit.kill"
        killer kill "$WORK/runit.table" $(((slot / 2 * 2 + 1) % $1)) 60 >>"$WORK/$1.bare.kill"
      else
        killer kill "$WORK/$parent.table" "$slot" 60 >>"$WORK/$1.$parent.kill"
      fi
    done
  done
}

kill_masses() { # SERVICES
  local i parent
  for ((i = 0; i < MASSES; i++)); do
    for parent in "${RUNNING[@]}"; do
      [ "$parent" = supervisord ] && ((i > 0)) && continue
      killer mass "$WORK/$parent.table" "$1" 300 >>"$WORK/$1.$parent.mass" || echo - >>"$WORK/$1.$parent.mass"
    done
  done
}

measure_rest() { # SERVICES
  local parent name
  sleep "$(quick 1 10)" # what the mass kills have left to do is not idling
  for parent in "${RUNNING[@]}" agent; do fact "$1.$parent.pss" "$(pss "$parent")"; fact "$1.$parent.processes" "$(processes "$parent")"; done
  idle_shares "${RUNNING[@]}" agent
  for parent in "${RUNNING[@]}" agent; do name=IDLE_$parent; fact "$1.$parent.idle" "${!name}"; done
}

measure_agent() { # SERVICES
  local i answer socket=$WORK/home/run/api.sock bare=$WORK/kestrel.sock
  # An answer that has each service in it, and so takes as long as it takes.
  answer=$("$TOOLS/ask" "$socket" /holdfast.v1.Services/ListInstances 1 10)
  fact "$1.answer.bytes" "${answer##* }"
  for ((i = 0; i < STARTS; i++)); do
    end_agent || die "The agent does not end."
    answer=$(HOLDFAST_HOME=$WORK/home "$TOOLS/ask" "$socket" /holdfast.v1.Services/ListInstances $((${answer##* } / 10 * 9)) 60 \
      "$HOLDFAST_BIN/holdfast" agent --metrics 127.0.0.1:0 2>>"$WORK/agent.log")
    AGENT=${answer%% *}
    AGENT_START=$(started "$AGENT")
    cut -d' ' -f2 <<<"$answer" >>"$WORK/$1.agent.start"
    rm -f "$bare"
    "$TOOLS/ask" "$bare" /bare 1 60 "$PWD/artifacts/bench/bin/kestrel" "$bare" >"$WORK/.bare"
    kill "$(cut -d' ' -f1 "$WORK/.bare")"
    cut -d' ' -f2 "$WORK/.bare" >>"$WORK/$1.kestrel.start"
  done
  for ((i = 0; i < CALLS; i++)); do
    timed "$WORK/$1.ps.call" holdfast ps
    timed "$WORK/$1.version.call" holdfast version
  done
}

timed() { # FILE COMMAND…  milliseconds
  local file=$1 began
  shift
  began=$(date +%s%N)
  "$@" >"$WORK/.out"
  echo $((($(date +%s%N) - began) / 1000)) | awk '{ printf "%.1f\n", $1 / 1000 }' >>"$file"
}

cell() { if [ -s "$1" ]; then rank "$1" "$2" | awk '{ if ($1 == "-") print "-"; else printf "'"$3"'\n", $1 / '"$4"' }'; else echo -; fi; }

report_size() { # SERVICES
  local parent title kill
  echo
  echo "## $1 services"
  echo
  echo "| parent | kill → main, median | 99 in 100 | least | all killed → all back | own processes | memory (PSS) | idle CPU |"
  echo "|---|---:|---:|---:|---:|---:|---:|---:|"
  for parent in floor holdfast runit bare s6 supervisord; do
    kill=$WORK/$1.$parent.kill
    [ -s "$kill" ] || continue
    case $parent in
      floor) title="floor: waitpid, vfork, exec" ;; holdfast) title=Holdfast ;;
      runit) title="runit, run is a script" ;; bare) title="runit, run is the program itself" ;; *) title=$parent ;;
    esac
    printf '| %s | %s ms | %s ms | %s ms | %s ms | %s | %s MiB | %s %% |\n' "$title" "$(cell "$kill" 0.5 %.2f 1000)" "$(cell "$kill" 0.99 %.2f 1000)" "$(cell "$kill" 0 %.2f 1000)" \
      "$(cell "$WORK/$1.$parent.mass" 0.5 %.0f 1)" "$(get "$1.$parent.processes")" "$(get "$1.$parent.pss")" "$(get "$1.$parent.idle")"
  done | sed 's/ -* [a-zA-Z%]* |/ – |/g; s/|  |/| – |/g'
  echo
  echo "Holdfast's agent beside it: $(get "$1.agent.pss") MiB, $(get "$1.agent.idle") % of a core when idle; from its start to an answer with all services $(cell "$WORK/$1.agent.start" 0.5 %.0f 1) ms" \
    "(bare Kestrel in turns with it: $(cell "$WORK/$1.kestrel.start" 0.5 %.0f 1) ms). \`holdfast ps\` $(cell "$WORK/$1.ps.call" 0.5 %.0f 1) ms, \`holdfast version\` $(cell "$WORK/$1.version.call" 0.5 %.0f 1) ms (medians of $STARTS starts, $CALLS calls)."
}

report() {
  local size
  echo "# Holdfast beside runit, s6 and supervisord, $TODAY"
  echo
  echo "The services are one C program that notes its time first in main(). On for Holdfast: the check of the admission record, container" \
    "($(cat "$WORK/containment")), capture with time and redaction, readiness by sd_notify, journal, counters on disk, guard, agent with its metrics. On for the peers what they have:" \
    "svlogd -tt, s6-log T and readiness by notification-fd, supervisord's log files. $KILLS kills of each ($SLOW_KILLS of supervisord), taken in turns over different services," \
    "none before it had lived 1.2 s; $MASSES times all at once ($((MASSES > 1 ? 1 : MASSES)) for supervisord); idle over $IDLE_SECONDS s, as the scheduler counts it, own processes with their loggers."
  for size in "${SIZES[@]}"; do cat "$WORK/$size.report"; done
}

for size in "${SIZES[@]}"; do
  start_all "$size"
  step "$size services: kills in turns" kill_in_turns "$size"
  step "$size services: all at once" kill_masses "$size"
  step "$size services: memory and idle CPU" measure_rest "$size"
  step "$size services: agent and command line" measure_agent "$size"
  holdfast ps -o json | field containment >"$WORK/containment"
  [ -s "$WORK/containment" ] || holdfast ps -o wide | sed -n 's/.*\(cgroup\|session\).*/\1/p' | head -n 1 >"$WORK/containment"
  for parent in floor bare "${RUNNING[@]}"; do
    fact "$size.$parent.kill" "$(cell "$WORK/$size.$parent.kill" 0.5 %.0f 1)"
    fact "$size.$parent.mass" "$(cell "$WORK/$size.$parent.mass" 0.5 %.0f 1)"
  done
  fact "$size.agent.start" "$(cell "$WORK/$size.agent.start" 0.5 %.0f 1)"
  fact "$size.kestrel.start" "$(cell "$WORK/$size.kestrel.start" 0.5 %.0f 1)"
  fact "$size.ps" "$(cell "$WORK/$size.ps.call" 0.5 %.0f 1)"
  fact "$size.version" "$(cell "$WORK/$size.version.call" 0.5 %.0f 1)"
  report_size "$size" >"$WORK/$size.report"
  step "$size services: all end" end_parents
done
fact sizes "${SIZES[*]}"
keep report
