#!/usr/bin/env bash
# From source to a running, supervised service. Run again: what changed is upgraded, what did not is left alone.
set -euo pipefail
LOG_NAME=quickstart
source eng/steps.sh
source eng/needs.sh
source eng/home.sh
source eng/samples.sh
source eng/binaries.sh
source eng/node.sh

BEGAN=$(now_ms)
HOME_FOLDER=$(home_folder)
export HOLDFAST_HOME=$HOME_FOLDER

make_package() {
  local folder=samples/$SAMPLE
  PACKAGE=artifacts/$SAMPLE-1.0.0.hfpkg
  step "Pack $SAMPLE" pack "$folder"
  step "Sign it" holdfast sign "$PACKAGE"
}

# Says the package's digest, and keeps it.
pack() { holdfast pack "$1" -o "$PACKAGE" | tee artifacts/packed; }

deploy() {
  local digest running
  digest=$(grep -o 'sha256:[0-9a-f]\{64\}' artifacts/packed)
  running=$(holdfast ps -o json | tr -d ' \n' | grep -o "{[^{}]*\"service\":\"$SAMPLE\"[^}]*" || true)
  if grep -qF "$digest" <<<"$running" && grep -q '"state":"running"' <<<"$running"; then
    skip "Deploy $SAMPLE" "it runs"
  else
    step "Deploy $SAMPLE" holdfast deploy "$PACKAGE"
  fi
}

# A file that everything is delivered to, where nobody has said anything else.
make_sink() {
  local file=$HOME_FOLDER/policy/sinks.yaml
  if [ -e "$file" ]; then
    skip "A sink" "$file says where output goes"
    return
  fi
  step "A sink: $HOME_FOLDER/events.jsonl" write_sink "$file"
}

write_sink() {
  printf '%s\n' 'apiVersion: holdfast/v1' 'kind: Sinks' 'sinks:' '  - name: local' "    file: {path: $HOME_FOLDER/events.jsonl}" >"$1.new" && chmod go-w "$1.new" && mv "$1.new" "$1"
}

# The sinks' file is read every two seconds, and what was written since takes a moment.
await_delivery() {
  local left=100
  until holdfast ledger --service "$SAMPLE" -o json | tr -d ' \n' | grep -q '"delivered":[1-9][0-9]*,"queued":0'; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || break
    sleep 0.1
  done
}

show() {
  say
  holdfast ps
  say
  say "What it wrote last, and what became of every line of the node:"
  say
  holdfast logs "$SAMPLE" -n 2
  await_delivery
  say
  # 7: a receiver of a sinks.yaml of one's own is away. That is shown, and the service runs all the same; any other end is one of the quickstart.
  holdfast ledger || [ $? -eq 7 ]
  say
  holdfast audit verify
}

what_next() {
  cat <<TEXT

To go on:

  export PATH=$PWD/artifacts/bin:\$PATH$([ "$HOME_FOLDER" = "$(unset HOLDFAST_HOME; home_folder)" ] || printf '\n  export HOLDFAST_HOME=%s' "$HOME_FOLDER")
  holdfast ps
  kill -9 PID && holdfast ps         # the PID above: a new one is there at once, RESTARTS counts
  holdfast logs $SAMPLE -f
  holdfast status $SAMPLE
  holdfast events $SAMPLE
  holdfast audit list                # who changed what
  curl "localhost:$(port)/fault/spill" && holdfast logs $SAMPLE -n 5     # secrets in its output are unreadable
  ./build.sh quickstart --stop       # ends all of it; data stays in $HOME_FOLDER

docs/quickstart.md has more to try, and how to make a service of your own.
TEXT
}

port() { holdfast ps -o json | tr -d ' \n' | grep -o '"ports":{[^}]*' | grep -o '[0-9]*' | head -n 1 || true; }

start() {
  say "Holdfast: quickstart"
  need_sdk
  want gcc "gcc libc6-dev" "compiles the one native file; services start faster with it" || true
  build_binaries
  build_sample
  export PATH=$PWD/artifacts/bin:$PATH
  make_keys
  make_package
  start_agent
  make_sink
  deploy
  show
  say
  say "$SAMPLE runs, $(seconds $(($(now_ms) - BEGAN))) after the first step. Home: $HOME_FOLDER"
  what_next
}

case "${1:-}" in
  "") start ;;
  --stop) stop_node ;;
  *) die "quickstart does not know '$1'. It knows --stop." ;;
esac
