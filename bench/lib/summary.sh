# The rows of the design, with what was measured beside what is to be reached. Sourced by eng/bench.sh after all benchmarks have run.
#   FACTS_FOLDER   where the benchmarks left their facts
#   SUMMARY        the file to write
source bench/lib/verdicts.sh

value() { awk -F '\t' -v key="$2" '$1 == key { value = $2 } END { if (value == "") value = "-"; print value }' "$FACTS_FOLDER/$1.tsv" 2>/dev/null || echo -; }

of() { awk -v a="$1" -v b="$2" 'BEGIN { if (a == "-" || b == "-" || b == 0) print "-"; else printf "%.2f", a / b }'; }
minus() { awk -v a="$1" -v b="$2" 'BEGIN { if (a == "-" || b == "-") print "-"; else printf "%.0f", a - b }'; }
times() { awk -v a="$1" -v b="$2" 'BEGIN { if (a == "-" || b == "-") print "-"; else printf "%.0f", a * b }'; }
ms() { awk -v a="$1" 'BEGIN { if (a == "-") print "-"; else printf "%.2f", a / 1000 }'; }

row() { printf '| %s | %s | %s | %s | %s |\n' "$@"; }

# The size that the design speaks of, or the largest that was run below it.
chosen_size() {
  local size chosen=-
  for size in $(value fleet sizes); do [ "$size" = - ] || { [ "$size" -le 1000 ] && chosen=$size; }; done
  echo "$chosen"
}

summary() {
  local n kill own mass pss idle ways
  n=$(chosen_size)
  kill=$(value fleet "$n.holdfast.kill") own=$(minus "$(value fleet "$n.holdfast.kill")" "$(value fleet "$n.floor.kill")")
  mass=$(value fleet "$n.holdfast.mass") pss=$(value fleet "$n.holdfast.pss") idle=$(value fleet "$n.holdfast.idle")
  echo "# Figures, $(date -u +%Y-%m-%d)"
  echo
  echo "From one run of \`./build.sh bench\`; the details, the machine and the versions are in the files beside this one. $n services where a row says nothing else."
  [ -z "${BENCH_QUICK:-}" ] || echo "**Quick: few services and few repetitions, to see that the scripts work. No figure to quote.**"
  echo "A ratio is of medians in the same run: below 1 we take less than the peer."
  echo
  echo "| what | Holdfast | peers | to reach | verdict |"
  echo "|---|---:|---|---|---|"
  row "kill → new main(), median" "$(ms "$kill") ms" \
    "runit $(ms "$(value fleet "$n.runit.kill")") ms (run is the program itself: $(ms "$(value fleet "$n.bare.kill")")), s6 $(ms "$(value fleet "$n.s6.kill")"), supervisord $(ms "$(value fleet "$n.supervisord.kill")")" \
    "≤ 0.6 × runit" "$(of "$kill" "$(value fleet "$n.runit.kill")") ($(of "$kill" "$(value fleet "$n.bare.kill")") of the program itself): $(most "$(of "$kill" "$(value fleet "$n.runit.kill")")" 0.6)"
  row "… of it our own part" "$(ms "$own") ms" "the floor (waitpid, vfork, exec): $(ms "$(value fleet "$n.floor.kill")") ms" "≤ 1.2 ms" "$(most "$own" 1200)"
  row "all killed at once → all back" "$mass ms" "runit $(value fleet "$n.runit.mass") ms, s6 $(value fleet "$n.s6.mass"), supervisord $(value fleet "$n.supervisord.mass")" \
    "≤ 0.5 × runit" "$(of "$mass" "$(value fleet "$n.runit.mass")"): $(most "$(of "$mass" "$(value fleet "$n.runit.mass")")" 0.5)"
  row "memory of supervisor and guard (PSS)" "$pss MiB (agent $(value fleet "$n.agent.pss"))" \
    "with their loggers: supervisord $(value fleet "$n.supervisord.pss") MiB, runit $(value fleet "$n.runit.pss"), s6 $(value fleet "$n.s6.pss")" "≤ 32 MiB" "$(most "$pss" 32)"
  row "idle CPU, supervisor and guard" "$idle % of a core (agent $(value fleet "$n.agent.idle"))" \
    "runit $(value fleet "$n.runit.idle") %, s6 $(value fleet "$n.s6.idle"), supervisord $(value fleet "$n.supervisord.idle")" "≤ 0.1 %" "$(most "$idle" 0.1)"
  row "CPU time of an HTTP probe, $(value probes probe.services) services" "$(value probes probe.us) µs" "–" "≤ 100 µs" "$(most "$(value probes probe.us)" 100)"
  row "capture of stdout, 64 KiB writes" "$(value capture capture.holdfast.65536) MB/s" \
    "s6-log $(value capture capture.s6-log.65536), svlogd $(value capture capture.svlogd.65536), supervisord without times and syncs $(value capture capture.supervisord.65536)" \
    "≥ 250 MB/s" "$(least "$(value capture capture.holdfast.65536)" 250)"
  row "capture of stdout, 100-byte writes" "$(value capture capture.holdfast.100) MB/s" \
    "s6-log $(value capture capture.s6-log.100), svlogd $(value capture capture.svlogd.100), supervisord $(value capture capture.supervisord.100); nobody (\`cat\`) $(value capture capture.bare.100)" "reported" "–"
  ways=$(value verify verify.ways)
  row "package verification" "$(value verify verify.ours) MB/s" "openssl sha256 $(value verify verify.one) MB/s a core, $(value verify verify.openssl) on $ways" "≥ 90 % of openssl × $ways" \
    "$(of "$(value verify verify.ours)" "$(value verify verify.openssl)"): $(least "$(of "$(value verify verify.ours)" "$(value verify verify.openssl)")" 0.9)"
  row "agent's start → API answers with all services" "$(value fleet "$n.agent.start") ms" "bare Kestrel $(value fleet "$n.kestrel.start") ms" "≤ 400 ms" "$(most "$(value fleet "$n.agent.start")" 400)"
  row "\`holdfast ps\`" "$(value fleet "$n.ps") ms" "\`holdfast version\` $(value fleet "$n.version") ms" "≤ 120 ms" "$(most "$(value fleet "$n.ps")" 120)"
  row "calls per second of CPU, unary, 8 connections × 100 streams" "$(value rpc holdfast.persecond)" \
    "gRPC C++ callback $(value rpc callback.persecond), sync $(value rpc sync.persecond); bare Kestrel $(value rpc kestrel.persecond)" "≥ 2.5 × callback" \
    "$(of "$(value rpc holdfast.persecond)" "$(value rpc callback.persecond)"): $(least "$(of "$(value rpc holdfast.persecond)" "$(value rpc callback.persecond)")" 2.5)"
  row "p99 of a call, $(value rpc latency.rate) a second" "$(value rpc holdfast.p99) µs" "gRPC C++ callback $(value rpc callback.p99) µs, sync $(value rpc sync.p99)" \
    "≤ callback" "$(of "$(value rpc holdfast.p99)" "$(value rpc callback.p99)"): $(most "$(of "$(value rpc holdfast.p99)" "$(value rpc callback.p99)")" 1)"
  row "allocated for a unary call beyond its messages" "$(value rpc holdfast.bytes) B" "bare Kestrel $(value rpc kestrel.bytes) B" "≤ 150 B" "$(most "$(value rpc holdfast.bytes)" 150)"
  echo
  echo "## As it grows"
  echo
  echo "| services | kill → main | of runit's | all back | of runit's | memory | idle CPU | agent's start | ps |"
  echo "|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
  for n in $(value fleet sizes); do
    kill=$(value fleet "$n.holdfast.kill") mass=$(value fleet "$n.holdfast.mass")
    printf '| %s | %s ms | %s | %s ms | %s | %s MiB | %s %% | %s ms | %s ms |\n' "$n" "$(ms "$kill")" "$(of "$kill" "$(value fleet "$n.runit.kill")")" \
      "$mass" "$(of "$mass" "$(value fleet "$n.runit.mass")")" "$(value fleet "$n.holdfast.pss")" "$(value fleet "$n.holdfast.idle")" "$(value fleet "$n.agent.start")" "$(value fleet "$n.ps")"
  done
}

# What was not measured is a dash.
summary | sed -E ':again; s/([ (])-([ ,;):]|$)/\1–\2/; t again' >"$SUMMARY"
