#!/usr/bin/env bash
# Keeps a build of this version for the tests of the next one: the programs' own files, without what they share with any version.
# Run it when a version is released, and commit what it writes in place of the one before.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
LOG_NAME=keep
source eng/steps.sh
source eng/needs.sh

FOLDER=tests/Holdfast.Integration.Tests/Kept

main() {
  need_sdk
  local version stage
  version=$(sed -n 's/.*<VersionPrefix>\(.*\)<.*/\1/p' Directory.Build.props)
  stage=artifacts/kept
  rm -rf "$stage"
  local project
  for project in Holdfast.Cli Holdfast.Supervisor; do
    step "Build $project" dotnet build "src/$project" -c Release -v q -p:DebugType=none
    mkdir -p "$stage"
    cp -r "src/$project/bin/Release/net10.0/." "$stage"
  done
  rm -f "$FOLDER"/holdfast-*.tar.gz
  (cd "$stage" && tar --sort=name --owner=0 --group=0 --numeric-owner --mtime='2026-01-01 00:00Z' -cf - \
    Holdfast.*.dll holdfast holdfast.* holdfast-supervisor* libholdfast-spawn.so) | gzip -9n >"$FOLDER/holdfast-$version.tar.gz"
  say "Kept: $FOLDER/holdfast-$version.tar.gz. Now raise VersionPrefix in Directory.Build.props."
}

main
