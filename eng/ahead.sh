# Compiles the assemblies of a folder ahead of time, in place, for tests that start programs by the thousand: a program that lives for a second
# spends most of it in the just-in-time compiler. The framework is taken into the compilation, so that code of its generics for our types is in
# our files as well; that code is right for this build of the framework alone, so it is nothing to give away. What users get: publish.sh.

# ahead_compiler  the folder of the SDK's ahead-of-time compiler for this machine, restored if need be; fails where there is none.
ahead_compiler() {
  local rid folder
  rid=$(host_rid)
  dotnet restore src/Holdfast.Supervisor -r "$rid" -p:PublishReadyToRun=true -v q >&2 || return 1
  folder=$(dotnet msbuild src/Holdfast.Supervisor -t:ResolveFrameworkReferences -getItem:ResolvedCrossgen2Pack -p:RuntimeIdentifier="$rid" -p:PublishReadyToRun=true |
    sed -n 's/.*"PackageDirectory": "\(.*\)".*/\1/p')
  [ -x "$folder/tools/crossgen2" ] && echo "$folder/tools"
}

# framework_folders  of the shared frameworks that a program built here runs on.
framework_folders() {
  dotnet --list-runtimes | sort -V | awk '
    $1 == "Microsoft.NETCore.App" || $1 == "Microsoft.AspNetCore.App" { if ($2 ~ /^10\./) newest[$1] = substr($3, 2, length($3) - 2) "/" $2 }
    END { for (name in newest) print newest[name] }'
}

# compile_ahead FOLDER  all assemblies in it: with some of them left out, programs under Wine met references that were null.
compile_ahead() {
  local folder=$1 compiler out framework with=() arch
  case $(host_rid) in
    linux-x64) arch=x64 ;;
    linux-arm64) arch=arm64 ;;
    *) return 1 ;; # not tried
  esac
  compiler=$(ahead_compiler) || return 1
  while IFS= read -r framework; do with+=(-r "$framework/*.dll" "--inputbubbleref:$framework/*.dll"); done < <(framework_folders)
  with+=(-r "$folder/*.dll" "--inputbubbleref:$folder/*.dll")
  out=$(mktemp -d artifacts/ahead.XXXXXX)
  if ! find "$folder" -maxdepth 1 -name '*.dll' -printf '%f\n' | xargs -P "$(nproc)" -I NAME "$compiler/crossgen2" "$folder/NAME" -o "$out/NAME" \
    --targetos:linux --targetarch:"$arch" -O --inputbubble --non-local-generics-module:'*' --compilebubblegenerics "${with[@]}"; then
    rm -rf "$out"
    return 1
  fi
  cp "$out"/*.dll "$folder/"
  rm -rf "$out"
}
