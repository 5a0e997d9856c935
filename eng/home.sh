# Where the node's home is, and whether one of its processes is still the one that was meant.

# As Holdfast.Platform/Home.cs finds it.
home_folder() {
  if [ -n "${HOLDFAST_HOME:-}" ]; then
    realpath -m "$HOLDFAST_HOME"
  elif [ "$(id -u)" -eq 0 ]; then
    echo /var/lib/holdfast
  else
    echo "${XDG_DATA_HOME:-$HOME/.local/share}/holdfast"
  fi
}

# started PID  the process's start time in clock ticks since boot: with the id it names one process for good. Empty if it is gone.
started() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  # The name may hold spaces and brackets: what follows the last bracket begins with field 3.
  set -- ${stat##*) }
  [ "$1" = Z ] || echo "${20}"
}

# field NAME  a number or string field of the JSON on stdin; the first of that name.
field() {
  { tr -d '\n'; echo; } | sed -n 's/.*"'"$1"'" *: *"\{0,1\}\([^",}]*\).*/\1/p' | head -n 1
}

# end_process PID START-TIME SECONDS  asks it to end, and waits; false if it is still there afterwards.
end_process() {
  local pid=$1 start=$2 left=$((10 * $3))
  [ -n "$start" ] && [ "$(started "$pid")" = "$start" ] || return 0
  kill -TERM "$pid" 2>/dev/null || return 0
  while [ "$(started "$pid")" = "$start" ]; do
    [ "$left" -gt 0 ] || return 1
    left=$((left - 1))
    sleep 0.1
  done
}
