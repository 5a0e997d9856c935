# The product's executables. Each build has a folder of its own, named by its content, and artifacts/bin points to the newest:
# an agent or supervisor that runs keeps the files it was started from.

publish_into() { # FOLDER RID READY-TO-RUN
  local project
  for project in Holdfast.Cli Holdfast.Supervisor; do
    dotnet publish "src/$project" -c Release -r "$2" --self-contained false -p:PublishReadyToRun="$3" -o "$1" -v q || return 1
  done
}

publish_ahead_of_time() { publish_into artifacts/stage "$1" true; }
publish_plain() { publish_into artifacts/stage "$1" false; }

content_of() { (cd "$1" && find . -type f | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum | cut -c1-16); }

# BUILD_CHANGED says afterwards whether the newest build is another one than before.
build_binaries() {
  local rid before after
  rid=$(host_rid)
  rm -rf artifacts/stage
  if ! try_step "Build holdfast and its supervisor, ahead of time" publish_ahead_of_time "$rid"; then
    say "  (no ahead-of-time compiler for $rid, or the build fails: trying without)"
    rm -rf artifacts/stage
    step "Build holdfast and its supervisor" publish_plain "$rid"
  fi
  before=$(readlink artifacts/bin 2>/dev/null || true)
  after=builds/$(content_of artifacts/stage)
  BUILD_CHANGED=no
  [ "$before" = "$after" ] || BUILD_CHANGED=yes
  mkdir -p artifacts/builds
  if [ -d "artifacts/$after" ]; then rm -rf artifacts/stage; else mv artifacts/stage "artifacts/$after"; fi
  [ -L artifacts/bin ] || rm -rf artifacts/bin
  ln -sfn "$after" artifacts/bin
  sweep_builds "$after"
}

# Old builds go, but not those that a process was started from.
sweep_builds() {
  local folder used
  used=$(for exe in /proc/[0-9]*/exe; do readlink "$exe" 2>/dev/null || true; done)
  for folder in artifacts/builds/*/; do
    folder=${folder%/}
    [ "$folder" = "artifacts/$1" ] && continue
    grep -qF "$PWD/$folder/" <<<"$used" || rm -rf "$folder"
  done
}
