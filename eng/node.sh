# The quickstart's agent and supervisor: started, upgraded and stopped by their ids, never by name.

NODE_RECORD=artifacts/quickstart.node

make_keys() {
  if [ -f "$HOME_FOLDER/policy/trust.yaml" ]; then
    skip "Development keys and trust policy" "there"
  else
    step "Make development keys and a trust policy" holdfast keys init
  fi
}

agent_answers() { holdfast node -o json >/dev/null 2>&1; }

# start_agent  starts one where none answers; one of an older build becomes this one, and its supervisor too. Services do not notice.
start_agent() {
  if ! agent_answers; then
    step "Start the agent" launch_agent
  elif [ "$BUILD_CHANGED" = no ] && runs_this_build; then
    skip "Start the agent" "it runs"
  elif ! try_step "Upgrade agent and supervisor" holdfast upgrade; then
    # A version from before upgrades: its supervisor stays until it is restarted.
    say "  (it cannot be replaced in place; artifacts/logs/quickstart.log says why)"
    step "End the agent of the build before" end_agent
    step "Start the agent" launch_agent
  fi
  record_node
}

runs_this_build() {
  local running
  running=$(holdfast node -o json | field agentExecutable)
  [ "$(dirname "${running:-/}")" = "$(realpath artifacts/bin)" ]
}

launch_agent() {
  holdfast agent start || return 1
  local left=300
  until agent_answers; do
    [ "$left" -gt 0 ] || { tail -n 20 "$HOME_FOLDER/agent.log"; return 1; }
    left=$((left - 1))
    sleep 0.1
  done
}

end_agent() {
  local pid
  pid=$(holdfast node -o json | field agentPid)
  end_process "$pid" "$(started "$pid")" 30
}

# Which processes they are, so that --stop ends these and no others.
record_node() {
  local node agent supervisor
  node=$(holdfast node -o json)
  agent=$(field agentPid <<<"$node")
  supervisor=$(field supervisorPid <<<"$node")
  printf '%s %s %s %s\n' agent "$agent" "$(started "$agent")" "$HOME_FOLDER" >"$NODE_RECORD"
  printf '%s %s %s %s\n' supervisor "$supervisor" "$(started "$supervisor")" "$HOME_FOLDER" >>"$NODE_RECORD"
}

# The agent first: else it would start the supervisor again. The supervisor stops its services before it ends.
stop_node() {
  say "Holdfast: quickstart --stop"
  if [ ! -f "$NODE_RECORD" ]; then
    say "Nothing to stop: no quickstart runs from this folder."
    return
  fi
  read -r _ _ _ HOME_FOLDER <"$NODE_RECORD"
  export HOLDFAST_HOME=$HOME_FOLDER PATH=$PWD/artifacts/bin:$PATH
  # Somebody may have started another agent for this home since: whoever answers for it now is meant.
  if agent_answers; then record_node; fi
  stop_recorded agent 30 "Stop the agent"
  stop_recorded supervisor 120 "Stop the services, then the supervisor"
  rm -f "$NODE_RECORD"
  say "All data is still there. To delete it: rm -r $HOME_FOLDER"
}

stop_recorded() { # ROLE SECONDS TEXT
  local role pid start
  read -r role pid start _ < <(grep "^$1 " "$NODE_RECORD")
  if [ -n "$start" ] && [ "$(started "$pid")" = "$start" ]; then
    step "$3" end_process "$pid" "$start" "$2"
  else
    skip "$3" "is gone"
  fi
}
