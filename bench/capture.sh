#!/usr/bin/env bash
# How fast a service's stdout is taken: lines of 100 bytes, 64 KiB with each write and a line with each write, beside svlogd, s6-log and
# supervisord. Ours are checked, stamped, redacted and synced; what the others do is in the table.
#   bench/capture.sh [MIB]      default 1024 in large writes, a quarter of it line by line
set -euo pipefail
cd "$(dirname "$0")/.."
LOG_NAME=capture
source bench/lib/common.sh

MIB=${1:-$(quick 32 1024)}
ROUNDS=$(quick 1 5)
say "Capture: $MIB MiB"
need_product
want curl curl "reads the metrics" || die "Without it nobody says whether all lines are there."
TAKERS=(holdfast bare)
! want svlogd runit "a peer" || TAKERS+=(svlogd)
! want s6-log s6 "a peer" || TAKERS+=(s6-log)
! want supervisord supervisor "a peer" || TAKERS+=(supervisord)

deploy_floods() {
  local size mib
  mkdir -p "$WORK/spec/bin"
  cp "$TOOLS/flood" "$WORK/spec/bin/flood"
  while read -r size mib; do
    printf '%s\n' 'apiVersion: holdfast/v1' 'kind: Service' "name: flood-$size" 'version: 1.0.0' 'ready: started' 'restart: {policy: never}' \
      "command: [bin/flood, '$size', '$mib', $WORK/holdfast.$size]" 'output: {onFull: block, rotate: {size: 16MiB}, keep: {size: 320MiB}}' >"$WORK/spec/holdfast.yaml"
    holdfast pack "$WORK/spec" -o "$WORK/flood.hfpkg" || return 1
    holdfast sign "$WORK/flood.hfpkg" || return 1
    holdfast deploy "$WORK/flood.hfpkg" || return 1
    await_line "$WORK/holdfast.$size" 1 || return 1
    rm "$WORK/flood.hfpkg"
  done <<<"$SHAPES"
}

# await_line FILE LINES
await_line() {
  local left=1200
  until [ "$(wc -l <"$1" 2>/dev/null || echo 0)" -ge "$2" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "$1 has no $2 lines yet"; return 1; }
    sleep 0.1
  done
}

lines_in() { if [ -f "$1" ]; then wc -l <"$1"; else echo 0; fi; }

# take TAKER SIZE MIB  one round; the rate is added to TAKER.SIZE.
take() {
  local result=$WORK/$1.$2 before folder=$WORK/taken
  before=$(lines_in "$result")
  rm -rf "$folder"
  mkdir -p "$folder"
  case $1 in
    holdfast) holdfast restart "flood-$2" || return 1 ;;
    bare) "$TOOLS/flood" "$2" "$3" "$result" | cat >/dev/null ;;
    svlogd) printf 's16777216\nn20\n' >"$folder/config"; "$TOOLS/flood" "$2" "$3" "$result" | svlogd -tt "$folder" ;;
    s6-log) "$TOOLS/flood" "$2" "$3" "$result" | s6-log -b n20 s16777216 T "$folder" ;;
    supervisord) flood_supervisord "$2" "$3" "$result" "$folder" "$before" ;;
  esac
  await_line "$result" $((before + 1))
}

flood_supervisord() { # SIZE MIB RESULT FOLDER BEFORE
  printf '[supervisord]\nlogfile=/dev/null\nlogfile_maxbytes=0\npidfile=%s/pid\n[program:flood]\ncommand=%s/flood %s %s %s\nautorestart=false\nstartsecs=0\nstdout_logfile=%s/out\nstdout_logfile_maxbytes=16MB\nstdout_logfile_backups=20\n' \
    "$4" "$TOOLS" "$1" "$2" "$3" "$4" >"$4/conf"
  supervisord -n -c "$4/conf" >/dev/null 2>&1 &
  local pid=$!
  await_line "$3" $(($5 + 1))
  kill "$pid"
  wait "$pid" || true
}

# Nothing of ours is missing: what was read is written, and nothing was dropped.
check_counts() {
  local page
  page=$(curl -s "$(holdfast node -o json | field metrics)")
  awk '/^holdfast_output_read_lines_total/ { read += $2 } /^holdfast_output_written_lines_total/ { written += $2 } /^holdfast_output_dropped_lines_total/ { lost += $2 }
    END { print "lines read " read ", written " written ", lost " lost; exit !(read > 0 && read == written && lost == 0) }' <<<"$page"
}

measure() {
  local i size mib taker
  for ((i = 0; i < ROUNDS; i++)); do
    while read -r size mib; do
      for taker in "${TAKERS[@]}"; do take "$taker" "$size" "$mib" </dev/null || return 1; done
    done <<<"$SHAPES"
  done
}

SHAPES="65536 $MIB
100 $(((MIB + 3) / 4))"
step "A node" new_node
step "The services, and a first run of each" deploy_floods
rm -f "$WORK"/holdfast.65536 "$WORK"/holdfast.100
step "In turns: ${TAKERS[*]}" measure
step "Nothing of ours is missing" check_counts

report() {
  local taker
  echo "# How fast stdout is taken, $TODAY"
  echo
  echo "Lines of 100 bytes; MB (millions of bytes) a second that the service could write, median of $ROUNDS rounds taken in turns: $MIB MiB with 64 KiB in each write(2)," \
    "$(((MIB + 3) / 4)) MiB with a line in each. Segments of 16 MiB, 20 of them kept, for all."
  echo
  echo "| taken by | 64 KiB writes | 100-byte writes | what it does |"
  echo "|---|---:|---:|---|"
  for taker in "${TAKERS[@]}"; do
    printf '| %s | %s MB/s | %s MB/s | %s |\n' "$(title "$taker")" "$(median "$WORK/$taker.65536")" "$(median "$WORK/$taker.100")" "$(does "$taker")"
  done
}

title() { case $1 in bare) echo "nobody (\`cat >/dev/null\`)" ;; holdfast) echo Holdfast ;; *) echo "$1" ;; esac; }

does() {
  case $1 in
    holdfast) echo "a time for each block, checksums, UTF-8 checked, secrets and card numbers made unreadable, synced every 1 MiB or 100 ms; stdout and stderr told apart" ;;
    bare) echo "reads and throws away: the floor" ;;
    svlogd) echo "a time for each line; synced when a file is full" ;;
    s6-log) echo "a time for each line; synced when a file is full" ;;
    supervisord) echo "no time, not synced" ;;
  esac
}

for taker in "${TAKERS[@]}"; do
  fact "capture.$taker.65536" "$(median "$WORK/$taker.65536")"
  fact "capture.$taker.100" "$(median "$WORK/$taker.100")"
done
step "All end" end_parents
keep report
