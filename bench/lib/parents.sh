# The parents that are compared, each with N patients under it and with its logging on.
#   NAME.table is where its patients note their starts; ROOT_NAME is the process under which its own processes are.
STARTED=() # process ids of what this script started, to be ended

holdfast() { HOLDFAST_HOME=$WORK/home "$HOLDFAST_BIN/holdfast" "$@"; }

killer() { "$TOOLS/killer" "$@"; }

new_table() { # NAME SLOTS
  rm -f "$WORK/$1.table"
  killer make "$WORK/$1.table" "$2"
}

# ── Holdfast ──
new_node() {
  mkdir -p "$WORK/home"
  holdfast keys init
  start_agent
}

start_agent() {
  HOLDFAST_HOME=$WORK/home "$HOLDFAST_BIN/holdfast" agent --metrics 127.0.0.1:0 >>"$WORK/agent.log" 2>&1 &
  AGENT=$!
  AGENT_START=$(started "$AGENT")
  local left=300
  until holdfast node >/dev/null 2>&1; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || die "The agent does not answer: $(tail -n 5 "$WORK/agent.log")"
    sleep 0.1
  done
}

# write_spec LINES…  the folder of a service that runs a patient; # stands for its number.
write_spec() {
  mkdir -p "$WORK/spec/bin"
  cp "$TOOLS/patient" "$WORK/spec/bin/patient"
  printf '%s\n' 'apiVersion: holdfast/v1' 'kind: Service' 'name: p#' 'version: 1.0.0' \
    'restart: {delays: [0s], attempts: 1000, window: 1h}' "$@" >"$WORK/spec/holdfast.yaml"
}

deploy_fleet() { # COUNT
  artifacts/bench/bin/fleet "$WORK/home" "$WORK/spec" "$1" && killer await "$WORK/holdfast.table" "$1" 120
}

supervisor_pid() { field pid <"$WORK/home/supervisor/identity.json"; }

# The guard is the supervisor's parent, if there is one.
guard_pid() {
  local parent
  parent=$(awk '/^PPid/ { print $2 }' "/proc/$(supervisor_pid)/status")
  ! tr '\0' ' ' <"/proc/$parent/cmdline" | grep -q ' guard ' || echo "$parent"
}

# ── runit ── every second service is started by a script, as people write it, the others by the program itself.
start_runit() { # SLOTS
  local slots=$1 i folder
  new_table runit "$slots"
  for ((i = 0; i < slots; i++)); do
    # runsvdir takes a thousand services at most.
    folder=$WORK/runit/$((i / 1000))/$i
    mkdir -p "$folder/log/kept"
    if ((i % 2)); then
      ln -s "$TOOLS/patient" "$folder/run"
      echo "$WORK/runit.table $i" >"$folder/arguments"
    else
      script "$folder/run" "exec $TOOLS/patient $WORK/runit.table $i"
    fi
    script "$folder/log/run" "exec svlogd -tt ./kept"
  done
  ROOT_runit=
  for folder in "$WORK"/runit/*/; do
    runsvdir "$folder" >/dev/null 2>&1 &
    STARTED+=($!)
    ROOT_runit="$ROOT_runit $!"
  done
  killer await "$WORK/runit.table" "$slots" 120
}

# ── s6 ── with its readiness: without it s6 waits a second before each start.
start_s6() { # SLOTS
  local slots=$1 i folder
  new_table s6 "$slots"
  for ((i = 0; i < slots; i++)); do
    folder=$WORK/s6/$i
    mkdir -p "$folder/log/kept"
    script "$folder/run" "export NOTIFY_FD=3; exec $TOOLS/patient $WORK/s6.table $i"
    echo 3 >"$folder/notification-fd"
    script "$folder/log/run" "exec s6-log -b n20 s16777216 T ./kept"
  done
  s6-svscan -c $((2 * slots + 10)) "$WORK/s6" >/dev/null 2>&1 &
  STARTED+=($!)
  ROOT_s6=$!
  killer await "$WORK/s6.table" "$slots" 120
}

# ── supervisord ──
start_supervisord() { # SLOTS
  local slots=$1 i
  new_table supervisord "$slots"
  mkdir -p "$WORK/supervisord"
  {
    printf '[supervisord]\nnodaemon=true\nlogfile=/dev/null\nlogfile_maxbytes=0\npidfile=%s/pid\nminfds=%d\n' "$WORK/supervisord" $((slots * 6 + 100))
    for ((i = 0; i < slots; i++)); do
      printf '[program:p%d]\ncommand=%s/patient %s %d\nautorestart=true\nstdout_logfile=%s/%d.out\nstderr_logfile=%s/%d.err\n' \
        "$i" "$TOOLS" "$WORK/supervisord.table" "$i" "$WORK/supervisord" "$i" "$WORK/supervisord" "$i"
    done
  } >"$WORK/supervisord/conf"
  supervisord -n -c "$WORK/supervisord/conf" >/dev/null 2>&1 &
  STARTED+=($!)
  ROOT_supervisord=$!
  killer await "$WORK/supervisord.table" "$slots" 300
}

# ── the floor ── one patient
start_floor() {
  new_table floor 1
  "$TOOLS/floor" "$TOOLS/patient" "$WORK/floor.table" 0 >/dev/null &
  STARTED+=($!)
  ROOT_floor=$!
  killer await "$WORK/floor.table" 1 30
}

script() { # FILE LINE
  printf '#!/bin/sh\n%s\n' "$2" >"$1"
  chmod +x "$1"
}

# ── their end ──
end_agent() { [ -z "${AGENT:-}" ] || end_process "$AGENT" "$AGENT_START" 20; }

end_node() {
  end_agent || true
  local pid
  pid=$(supervisor_pid 2>/dev/null || true)
  # A supervisor of this home, not whoever has its number by now.
  [ -z "$pid" ] || ! tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$WORK/home" || end_process "$pid" "$(started "$pid")" 60 || true
  AGENT=
}

end_parents() {
  end_node
  local pid
  # runsvdir hands HUP on to its services; s6-svscan and supervisord do that with TERM.
  for pid in ${ROOT_runit:-}; do kill -HUP "$pid" 2>/dev/null || true; done
  for pid in ${STARTED[@]+"${STARTED[@]}"}; do kill -TERM "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  await_end_of_patients
  STARTED=() ROOT_runit="" ROOT_s6="" ROOT_supervisord="" ROOT_floor=""
  rm -rf "$WORK/runit" "$WORK/s6" "$WORK/supervisord" "$WORK/home"
}

# What their parents leave behind is ours too: patients and loggers whose command line or folder is this run's.
await_end_of_patients() {
  local left
  for left in $(seq 50 -1 0); do
    pgrep -f "$WORK/[a-z0-9]*[./]" >"$WORK/.left" 2>/dev/null || return 0
    [ "$left" -gt 0 ] || xargs -r kill -KILL <"$WORK/.left" 2>/dev/null || true
    sleep 0.2
  done
}
