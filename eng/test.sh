#!/usr/bin/env bash
# Builds all, runs all tests, and ends with the line "N passed, N failed, N skipped".
set -euo pipefail
LOG_NAME=test
source eng/steps.sh
source eng/needs.sh
source eng/samples.sh
source eng/peers.sh
source eng/ahead.sh

FAST=no
FILTER=
while [ $# -gt 0 ]; do
  case $1 in
    --fast) FAST=yes ;;
    --filter) FILTER=${2:?--filter needs a value}; shift ;;
    *) die "test does not know '$1'. It knows --fast and --filter TEXT." ;;
  esac
  shift
done

RESULTS=$PWD/artifacts/test-results
PASSED=0 FAILED=0 SKIPPED=0
FAILURES=()

# A project that hangs must not take the whole run with it.
PROJECT_DEADLINE=20m

add() { # PASSED FAILED SKIPPED
  PASSED=$((PASSED + $1)) FAILED=$((FAILED + $2)) SKIPPED=$((SKIPPED + $3))
}

line() { # TEXT PASSED FAILED SKIPPED MS
  printf '  %-36s%5d passed %3d failed %3d skipped%10s\n' "$1" "$2" "$3" "$4" "$(seconds "$5")"
}

filter() {
  local all='Category!=Soak'
  [ "$FAST" = no ] || all="$all&Category!=Slow"
  [ -z "$FILTER" ] || all="($FILTER)&$all"
  echo "$all"
}

# A trx file is the truth; the exit code tells of a crash that no result shows.
test_project() {
  local project=$1 name began rc=0 counted passed failed skipped failure
  name=$(basename "$project")
  began=$(now_ms)
  printf '\n== %s\n' "$name" >>"$LOG"
  mkdir -p "$RESULTS/$name"
  timeout --kill-after=30s "$PROJECT_DEADLINE" \
    dotnet test "$project" -c Release --no-build --filter "$(filter)" --logger trx --results-directory "$RESULTS/$name" >>"$LOG" 2>&1 </dev/null || rc=$?
  counted=$(find "$RESULTS/$name" -name '*.trx' -exec cat {} + 2>/dev/null | awk -f eng/count.awk)
  read -r passed failed skipped <<<"$counted"
  while IFS= read -r failure; do
    [ -z "$failure" ] || FAILURES+=("$failure")
  done < <(tail -n +2 <<<"$counted")
  if [ "$rc" -ne 0 ] && [ "$failed" -eq 0 ]; then
    failed=1
    FAILURES+=("$name ended with exit code $rc and no failed test: it crashed, or took longer than $PROJECT_DEADLINE")
  elif [ $((passed + failed + skipped)) -eq 0 ] && [ -z "$FILTER" ]; then
    failed=1
    FAILURES+=("$name has no tests")
  fi
  line "$name" "$passed" "$failed" "$skipped" $(($(now_ms) - began))
  add "$passed" "$failed" "$skipped"
}

test_payments() {
  local began out rc=0 passed failed skipped failure
  began=$(now_ms)
  out=$(cd samples/payments && GOTOOLCHAIN=local go vet ./... 2>&1 && GOTOOLCHAIN=local go test -count=1 -v ./... 2>&1) || rc=$?
  printf '\n== samples/payments\n%s\n' "$out" >>"$LOG"
  passed=$(grep -c '^--- PASS' <<<"$out" || true)
  failed=$(grep -c '^--- FAIL' <<<"$out" || true)
  skipped=$(grep -c '^--- SKIP' <<<"$out" || true)
  while read -r failure; do
    [ -z "$failure" ] || FAILURES+=("samples/payments ${failure#--- FAIL: }")
  done < <(grep '^--- FAIL' <<<"$out" || true)
  if [ "$rc" -ne 0 ] && [ "$failed" -eq 0 ]; then
    failed=1
    FAILURES+=("samples/payments does not vet or compile")
  fi
  line samples/payments "$passed" "$failed" "$skipped" $(($(now_ms) - began))
  add "$passed" "$failed" "$skipped"
}

# A folder that needs no .NET: there is none in Wine. holdfast and its supervisor are published by themselves as well: as mere references they
# would lack the lists of their libraries (deps.json).
build_selftest() {
  local project
  for project in src/Holdfast.Cli src/Holdfast.Supervisor tests/Holdfast.Windows.Selftest; do
    dotnet publish "$project" -r win-x64 --self-contained true -o artifacts/windows-selftest -v q || return 1
  done
  if has x86_64-w64-mingw32-gcc; then build_windows_parts; fi
}

# In C: a library that stands in for one that Wine has by halves, and a service of the tests.
build_windows_parts() {
  mkdir -p artifacts/wine-fakes artifacts/windows-selftest/deploying
  x86_64-w64-mingw32-gcc -O2 -Wall -Werror -shared -o artifacts/wine-fakes/ncrypt.dll tests/Holdfast.Windows.Tests/Fakes/ncrypt.c -lbcrypt || return 1
  if has go; then
    (cd tests/Holdfast.Windows.Selftest/Deploying/tally && CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc GOFLAGS=-mod=mod GOTOOLCHAIN=local \
      go build -trimpath -buildvcs=false -ldflags=-buildid= -o ../../../../artifacts/windows-selftest/deploying/tally.exe .)
  fi
}

# Where there is no such compiler the tests take longer, and are the same. With a filter it takes longer than it saves.
compile_tested() {
  try_step "Compile the programs ahead of time" compile_ahead tests/Holdfast.Integration.Tests/bin/Release/net10.0/programs ||
    say "  (no ahead-of-time compiler: the tests take longer)"
}

# What is not to be had is named and nothing more: the run goes on, and its tests are skipped by name.
peer() { want "$@" || true; }
peer_module() { want_module "$@" || true; }

install_peers() {
  peer openssl openssl "checks our signatures"
  peer promtool prometheus "checks our metrics"
  peer etcd etcd-server "is the store of several nodes"
  peer etcdctl etcd-client "makes users of etcd"
  peer kcat "kcat librdkafka1" "is a Kafka to deliver to"
  peer rsyslogd rsyslog "is a receiver of lines"
  peer ps procps "looks at processes"
  peer git git "lists tracked files"
  peer systemd-analyze systemd "checks the units"
  peer ip iproute2 "makes machines with networks of their own for several nodes"
  peer nsenter util-linux "boots a systemd in namespaces of its own"
  peer wine "wine wine64" "runs the tests for Windows"
  peer x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64 "compiles a service for Windows"
  peer_module grpc python3-grpcio "an independent gRPC to talk to"
  peer_module google.protobuf python3-protobuf "messages for an independent gRPC"
  # The library has no command to ask for.
  pkg-config --exists grpc++ 2>/dev/null ||
    install_packages "g++ pkg-config libgrpc++-dev protobuf-compiler protobuf-compiler-grpc" "compiles an independent gRPC"
  # samples/user-service in its languages.
  peer protoc protobuf-compiler "reads the gRPC sample's .proto"
  peer protoc-gen-go-grpc "golang-go golang-google-grpc-dev golang-github-golang-protobuf-1-5-dev protoc-gen-go-1-5 protoc-gen-go-grpc" "the gRPC sample in Go"
  peer grpc_python_plugin protobuf-compiler-grpc "the gRPC sample in Python"
  peer node nodejs "the gRPC sample in Node, and an independent gRPC"
  peer npm npm "gets their libraries"
  peer javac default-jdk-headless "the gRPC sample in Java"
  peer grpc_java_plugin "protobuf-compiler-grpc-java-plugin libgrpc-java libprotobuf-java libguava-java libnetty-java libnetty-tcnative-java libperfmark-java libgeronimo-annotation-1.3-spec-java" "its gRPC"
}

report() {
  local failure
  if [ "${#FAILURES[@]}" -gt 0 ]; then
    printf '\nFailed:\n'
    for failure in "${FAILURES[@]}"; do printf '  %s\n' "$failure"; done
    printf 'Whole messages and stacks: %s\n' "$LOG"
  fi
  printf '\n%d passed, %d failed, %d skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
  [ "$FAILED" -eq 0 ]
}

# Whatever ends the script early, the last line still says how it went.
on_early_end() {
  FAILED=$((FAILED + 1))
  FAILURES+=("the run ended before all tests had run")
  report || true # it answers how the run went, and this one has failed in any case
}
trap on_early_end EXIT

main() {
  say "Holdfast: tests"
  rm -rf "$RESULTS"
  need_sdk
  want gcc "gcc libc6-dev" "compiles the one native file" || true
  [ "$FAST" = yes ] || install_peers
  step "Restore" dotnet restore Holdfast.slnx -v q
  # What users get is a Release as well, and the assemblies that a build for Windows shares are compiled once.
  step "Build (warnings are errors)" dotnet build Holdfast.slnx -c Release --no-restore -v q
  if [ "$FAST" = no ]; then
    step "Compile samples/ledger (C#)" build_ledger
    if want go golang-go "compiles the sample"; then
      step "Compile samples/payments (Go)" build_payments
      [ -n "$FILTER" ] || test_payments
    fi
    build_user_service
  fi
  if [ "$FAST" = no ] && has wine; then step "Build the tests for Windows" build_selftest; fi
  if [ "$FAST" = no ] && [ -z "$FILTER" ]; then compile_tested; fi
  [ "$FAST" = yes ] || make_peers
  local project
  for project in tests/*.Tests; do
    [ "$FAST" = yes ] && [[ $project == *Integration* || $project == *Windows* ]] && continue
    test_project "$project"
  done
  trap - EXIT
  report
}

main
