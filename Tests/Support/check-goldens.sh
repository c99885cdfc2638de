#!/bin/sh
# Compares the golden archives (made with podman 4.3.1) with those of the installed podman; needs root.
# Prints "sha256  images" for each archive that differs, and fails if there is one.
set -eu
cd "$(dirname "$0")/../.."
swift build --product make-sample-store >&2
tool=$(swift build --show-bin-path)/make-sample-store
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check() { # STORE DRIVER LIST
  while read -r expected images; do
    rm -f "$work/archive"
    # shellcheck disable=SC2086 # images is a list of words
    podman --root "$1" --runroot "$1.run" --tmpdir "$1.tmp" --storage-driver "$2" \
      save -q -m -o "$work/archive" $images </dev/null
    actual=$(sha256sum <"$work/archive")
    [ "${actual%% *}" = "$expected" ] || echo "${actual%% *}  $images"
  done <"$3"
}

for driver in overlay vfs; do
  option=
  [ "$driver" = overlay ] || option=--vfs
  for kind in "" --golden; do
    store=$work/$driver$kind
    # shellcheck disable=SC2086 # empty options vanish
    "$tool" $option $kind "$store" >"$work/list"
    check "$store" "$driver" "$work/list"
  done
done >"$work/differences"
cat "$work/differences"
[ ! -s "$work/differences" ]
