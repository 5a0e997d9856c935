#!/usr/bin/env bash
# publish RID: a folder that needs no .NET on the target, and an archive of it.
set -euo pipefail
LOG_NAME=publish
source eng/steps.sh
source eng/needs.sh

RID=${1:-}
[ -n "$RID" ] || die "publish needs a runtime identifier, for instance: ./build.sh publish $(host_rid)"
VERSION=$(sed -n 's:.*<VersionPrefix>\(.*\)</VersionPrefix>.*:\1:p' Directory.Build.props)
FOLDER=artifacts/publish/$RID
NAME=holdfast-$VERSION-$RID

publish() { # READY-TO-RUN
  local project
  for project in Holdfast.Cli Holdfast.Supervisor; do
    dotnet publish "src/$project" -c Release -r "$RID" --self-contained true -p:PublishReadyToRun="$1" -o "$FOLDER" -v q || return 1
  done
  cp LICENSE NOTICE README.md CHANGELOG.md "$FOLDER/"
}

# The same files make the same archive: fixed order, owner and time.
archive() {
  case $RID in
    win-*) (cd "$FOLDER" && rm -f "../$NAME.zip" && find . -type f | LC_ALL=C sort | TZ=UTC zip -q -X -@ "../$NAME.zip") ;;
    *) tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@315532800 -C "$FOLDER" -c . | gzip -n9 >"artifacts/publish/$NAME.tar.gz" ;;
  esac
}

need_sdk
say "Holdfast: publish $RID"
rm -rf "$FOLDER"
if ! try_step "Build, ahead of time, with its own runtime" publish true; then
  rm -rf "$FOLDER"
  step "Build, with its own runtime" publish false
fi
case $RID in win-*) want zip zip "packs the archive" || die "No archive without zip. The folder is complete: $FOLDER" ;; esac
step "Archive" archive
(cd artifacts/publish && sha256sum "$NAME".* | grep -v sha256$ | tee "$NAME.sha256")
say "Folder: $FOLDER"
