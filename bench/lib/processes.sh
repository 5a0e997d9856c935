# Memory and CPU time of a parent's own processes (its loggers included, its patients not).

# own_processes NAME  the process ids of a parent's own processes.
own_processes() {
  case "$1" in
    holdfast) supervisor_pid; guard_pid ;;
    agent) echo "$AGENT" ;;
    runit) below "$ROOT_runit" 'runsvdir|runsv|svlogd' ;;
    s6) below "$ROOT_s6" 's6-svscan|s6-supervise|s6-log' ;;
    supervisord) echo "$ROOT_supervisord" ;;
  esac
}

# below ROOTS NAMES  the processes of these names (a pattern) that have one of the roots among their ancestors.
below() {
  ps -e -o pid=,ppid=,comm= | awk -v roots="$1" -v names="^($2)$" '
    { parent[$1] = $2; name[$1] = $3 }
    END {
      n = split(roots, list, " ")
      for (i = 1; i <= n; i++) root[list[i]] = 1
      for (pid in parent)
        for (at = pid; at > 1; at = parent[at])
          if (at in root) { if (name[pid] ~ names) print pid; break }
    }'
}

# pss NAME  MiB; shared pages are counted by the share.
pss() { own_processes "$1" | sed 's|.*|/proc/&/smaps_rollup|' | xargs -r cat 2>/dev/null | awk '/^Pss:/ { sum += $2 } END { printf "%.1f", sum / 1024 }'; }

processes() { own_processes "$1" | wc -l; }

# cpu_time PIDS…  nanoseconds that all of their threads have run, those that have ended included: in ticks of 10 ms.
cpu_time() {
  local pid
  for pid in "$@"; do sed 's/.*) //' "/proc/$pid/stat"; done 2>/dev/null | awk '{ sum += $12 + $13 } END { printf "%.0f", sum * 10000000 }'
}

# idle_share NAMES…  waits $IDLE_SECONDS, and sets IDLE_name to the per cent of one core that each has used meanwhile.
idle_shares() {
  local name pids before after began=0 ended=0
  declare -A pids=() before=()
  for name in "$@"; do pids[$name]=$(own_processes "$name" | tr '\n' ' '); done
  # shellcheck disable=SC2086 # several ids are several words
  for name in "$@"; do before[$name]=$(cpu_time ${pids[$name]}); done
  began=$(now_ms)
  sleep "$IDLE_SECONDS"
  ended=$(now_ms)
  for name in "$@"; do
    # shellcheck disable=SC2086
    after=$(cpu_time ${pids[$name]})
    printf -v "IDLE_$name" %s "$(calc %.3f "($after - ${before[$name]}) / 10000 / ($ended - $began)")"
  done
}
