#!/usr/bin/env bash
# Makes small stacks of layers that are hard to lay over each other, with GNU tar and umoci, and counts what each leaves:
# Trowel, the kernel (replay.py) and umoci. Prints Markdown; exits non-zero where they differ.
# usage: nasty.sh DIR   (TROWEL names another program than bin/trowel)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mkdir -p "$1" && cd "$1" && pwd)
status=0
# layer NAME SHELL: what the commands make in an empty folder is a layer; PACK may name the members and their order.
layer() {
  rm -rf "$work/tree"
  mkdir "$work/tree"
  PACK=.
  cd "$work/tree"
  eval "$2"
  tar --sort=name --numeric-owner --mtime=@0 -cf "$work/$1.tar" $PACK
  cd "$work"
}
# without NAME MEMBER…: takes members out of a layer, so that hard links lead to lower layers.
without() {
  local tar=$work/$1.tar
  shift
  tar --delete -f "$tar" "$@"
}
stack() {
  local name=$1
  shift
  rm -rf "$work/$name"
  umoci init --layout "$work/$name"
  umoci new --image "$work/$name:it"
  for one in "$@"; do umoci raw add-layer --image "$work/$name:it" "$work/$one.tar" > /dev/null; done
  "${TROWEL:-$here/../../bin/trowel}" dig "oci-dir:$work/$name:it" --platform linux/amd64 --offline --no-store --quiet --files \
    -o "json=$work/$name.json" || [ $? = 3 ]
  local own kernel unpacked
  own=$(python3 -c 'import json,sys; c=json.load(open(sys.argv[1]))["images"][0]["coverage"]; print(c["files"], c["bytes"])' "$work/$name.json")
  kernel=$(python3 "$here/replay.py" "$work/$name" it 2> "$work/$name.replay.log" || echo failed)
  rm -rf "$work/bundle"
  if umoci unpack --rootless --image "$work/$name:it" "$work/bundle" > /dev/null 2> "$work/$name.umoci.log"; then
    unpacked=$(find "$work/bundle/rootfs" -type f -printf '%i %s\n' | sort -u | awk '{ n += 1; s += $2 } END { print n + 0, s + 0 }')
  else
    unpacked="refused"
  fi
  rm -rf "$work/bundle"
  echo "| $name | $own | $kernel | $unpacked |"
  # The specification knows no bookkeeping of AUFS; containerd does not unpack it, and neither does Trowel.
  [ "$name" = bookkeeping ] && [ "$own" = "6 654321" ] && return
  [ "$own" = "$kernel" ] && [ "$own" = "$unpacked" ] || status=1
}
fill() { mkdir -p "$(dirname "$1")"; head -c "$2" /dev/zero > "$1"; }

layer base 'fill d/a 1; fill d/b 20; fill d/sub/c 300; fill e/x 4000; fill e/y 50000; fill usr/lib/one 600000; ln -s usr/lib lib; ln -s /usr/lib abs'
layer whiteout 'mkdir -p d e; touch d/.wh.a e/.wh.x .wh.none'
layer whiteout-and-again 'fill d/a 7; touch d/.wh.a'
layer opaque 'fill d/new 7; touch d/.wh..wh..opq'
layer opaque-root 'fill new 7; touch .wh..wh..opq'
layer whiteout-directory 'touch .wh.d'
layer directory-again 'fill d/z 11'
layer file-for-directory 'fill d 13'
layer directory-for-file 'fill e/x/deep/file 17'
layer link-for-directory 'ln -s e d'
# Only the files, so that the links stay links.
layer through-link 'fill lib/two 19; fill abs/three 23; PACK="lib/two abs/three"'
layer whiteout-through-link 'fill lib/.wh.one 0; PACK=lib/.wh.one'
layer hard-link 'fill e/x 4000; ln e/x hard; ln e/x d2; PACK="e/x hard d2"'
without hard-link e/x
layer hard-link-through-link 'fill lib/one 600000; ln lib/one through; PACK="lib/one through"'
without hard-link-through-link lib/one
layer target-away 'mkdir e; touch e/.wh.x; PACK=e'
layer target-changed 'fill e/x 29'
layer link-to-link 'ln -s e/x s; ln s t; PACK="s t"'
layer pair 'fill p/a 31; ln p/a p/b; ln p/a p/c'
layer pair-away 'mkdir p; touch p/.wh.a'
layer pair-again 'fill p/b 37'
layer strange 'fill "a b -> c" 41; fill "d link to e" 43; fill "$(printf "n\\nl")" 47; fill "$(printf "\\303\\251")" 53'
layer bookkeeping 'fill .wh..wh.plnk/1.2 59; fill .wh..wh.aufs 0'

echo '| stack | Trowel: files, bytes | GNU tar replayed | umoci unpacked |'
echo '|---|---|---|---|'
stack whiteouts base whiteout
stack whiteout-beside-the-same-name base whiteout-and-again
stack opaque-directory base opaque
stack opaque-root base opaque-root
stack directory-away-and-back base whiteout-directory directory-again
stack file-for-directory-and-back base file-for-directory directory-again
stack directory-for-file base directory-for-file
stack symbolic-link-for-directory base link-for-directory
stack symbolic-link-then-directory base link-for-directory directory-again
stack files-through-links base through-link
stack whiteout-through-link base whiteout-through-link
stack hard-links-down base hard-link
stack hard-links-target-away base hard-link target-away
stack hard-links-target-changed base hard-link target-changed
stack hard-link-through-link base hard-link-through-link
stack hard-link-to-symbolic-link base link-to-link
stack hard-links-in-a-layer pair
stack hard-links-first-name-away pair pair-away
stack hard-links-one-changed pair pair-away pair-again
stack strange-names base strange
stack bookkeeping base bookkeeping
exit $status
