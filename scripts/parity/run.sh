#!/usr/bin/env bash
# Compares Trowel with Syft, OSV-Scalibr, GNU tar and umoci, and prints the tables of docs/parity.md; exits non-zero where a
# difference is not explained (explained.tsv) or a count is not the same.
# usage: run.sh DIR [ARCHIVES]   (TROWEL names another program than bin/trowel; needs syft, scalibr,
#   skopeo, umoci, tar)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mkdir -p "$1" && cd "$1" && pwd)
[ -d "$work/truth" ] || node "$here/../../dist/test/truth/main.js" --keep "$work/truth" >&2
python3 "$here/images.py" "$work" "${2:-}" > "$work/images.tsv"
mkdir -p "$work/out"
while IFS=$'\t' read -r name platform target layout; do
  out=$work/out/${name//\//-}
  # 3: something was not assessed (there is no advisory database here).
  "${TROWEL:-$here/../../bin/trowel}" dig "$target" --platform "$platform" --offline --no-store --quiet \
    -o "json=$out.dig.json" < /dev/null || [ $? = 3 ]
  [ -e "$out.syft.json" ] || SYFT_CHECK_FOR_APP_UPDATE=false syft -q "oci-dir:$layout" -o "json=$out.syft.json" < /dev/null
  if [ ! -e "$out.scalibr.json" ]; then
    rm -f "$out.saved.tar"
    skopeo copy -q "oci:$layout:it" "docker-archive:$out.saved.tar:it:it" < /dev/null
    scalibr --image-tarball "$out.saved.tar" -o "spdx23-json=$out.scalibr.json" < /dev/null > "$out.scalibr.log" 2>&1 || [ -e "$out.scalibr.json" ]
    rm -f "$out.saved.tar"
  fi
  python3 "$here/replay.py" "$layout" < /dev/null > "$out.replay"
  rm -rf "$out.bundle"
  umoci unpack --rootless --image "$layout:it" "$out.bundle" < /dev/null > /dev/null 2> "$out.umoci.log" || true
  if [ -d "$out.bundle/rootfs" ] && ! grep -qv 'creating empty file in place of device' "$out.umoci.log"; then
    # Without root umoci puts an empty file where a device belongs: those are no files of the image.
    sed -n 's/.*rootless{\(.*\)} creating empty file in place of device.*/\1/p' "$out.umoci.log" > "$out.devices"
    (cd "$out.bundle/rootfs" && while IFS= read -r device; do rm -f -- "$device"; done < "$out.devices")
    find "$out.bundle/rootfs" -type f -printf '%i %s\n' | sort -u | awk '{ n += 1; s += $2 } END { print n + 0, s + 0 }' > "$out.umoci"
  else
    echo "did not unpack" > "$out.umoci"
  fi
  chmod -R u+rwX "$out.bundle" 2> /dev/null || true
  rm -rf "$out.bundle"
done < "$work/images.tsv"
python3 "$here/compare.py" "$work" "$here/explained.tsv"
