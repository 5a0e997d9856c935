#!/usr/bin/env bash
# Verifying a package (every digest, every signature) beside openssl's SHA-256 of the same files, and how it grows with cores.
#   bench/verify.sh [MIB]      default 1024: the size of the large package; a small one tells what starting costs
set -euo pipefail
cd "$(dirname "$0")/.."
LOG_NAME=verify
source bench/lib/common.sh

MIB=${1:-$(quick 64 1024)}
BLOBS=4
ROUNDS=$(quick 1 5)
WAYS=$(($(nproc) < BLOBS ? $(nproc) : BLOBS))
say "Verification: $MIB MiB in $BLOBS blobs, $WAYS at once"
need_product
want openssl openssl "the peer" || die "No figure without the peer."

make_package() { # NAME MIB
  local i
  mkdir -p "$WORK/$1/bin"
  cp "$TOOLS/patient" "$WORK/$1/bin/patient"
  for ((i = 0; i < BLOBS; i++)); do head -c $(($2 * 1048576 / BLOBS)) /dev/urandom >"$WORK/$1/blob$i"; done
  printf '%s\n' 'apiVersion: holdfast/v1' 'kind: Service' "name: $1" 'version: 1.0.0' 'command: bin/patient' >"$WORK/$1/holdfast.yaml"
  holdfast pack "$WORK/$1" -o "$WORK/$1.hfpkg" && holdfast sign "$WORK/$1.hfpkg"
}

# One core at a time for each blob, as many at once as there are cores.
openssl_sum() { printf '%s\0' "$WORK/$1"/blob* | xargs -0 -n 1 -P "$WAYS" openssl dgst -sha256 -r; }
openssl_one() { openssl dgst -sha256 -r "$WORK/$1/blob0"; }

timed() { # FILE COMMAND…  milliseconds
  local file=$1 began
  shift
  began=$(date +%s%N)
  "$@" || return 1
  echo $((($(date +%s%N) - began) / 1000)) | awk '{ printf "%.1f\n", $1 / 1000 }' >>"$file"
}

measure() {
  local i package
  for ((i = 0; i < ROUNDS; i++)); do
    for package in small large; do
      timed "$WORK/$package.ours" holdfast verify "$WORK/$package.hfpkg" || return 1
      timed "$WORK/$package.openssl" openssl_sum "$package" || return 1
      timed "$WORK/$package.one" openssl_one "$package" || return 1
    done
  done
}

# MB/s of what the large package has beyond the small one: what starting costs is in neither.
rate() {
  awk -v mib="$2" -v large="$(median "$WORK/large.$1")" -v small="$(median "$WORK/small.$1")" \
    'BEGIN { if (large > small) printf "%.0f", mib * 1.048576 / (large - small) * 1000; else print "-" }'
}

step "Keys" holdfast keys init
step "A small package" make_package small 4
step "A large package" make_package large "$MIB"
step "In turns, $ROUNDS times" measure
OURS=$(rate ours $((MIB - 4)))
THEIRS=$(rate openssl $((MIB - 4)))
ONE=$(rate one $(((MIB - 4) / BLOBS)))

report() {
  echo "# Verifying a package, $TODAY"
  echo
  echo "$MIB MiB in $BLOBS blobs, in the page cache; medians of $ROUNDS rounds in turns. MB (millions of bytes) a second of what the large package has beyond one of 4 MiB."
  echo
  echo "| what | the large package | the small one | MB/s |"
  echo "|---|---:|---:|---:|"
  echo "| \`holdfast verify\`: structure, digests, signatures, trust policy | $(median "$WORK/large.ours") ms | $(median "$WORK/small.ours") ms | $OURS |"
  echo "| openssl sha256 of the blobs, $WAYS at once | $(median "$WORK/large.openssl") ms | $(median "$WORK/small.openssl") ms | $THEIRS |"
  echo "| openssl sha256 of one blob | $(median "$WORK/large.one") ms | $(median "$WORK/small.one") ms | $ONE |"
}

fact verify.ours "$OURS"
fact verify.openssl "$THEIRS"
fact verify.one "$ONE"
fact verify.ways "$WAYS"
keep report
