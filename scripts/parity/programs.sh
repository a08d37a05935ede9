#!/bin/bash
# Programs and libraries of Debian, unpacked without its database: does each say what it is, and rightly?
#
# usage: scripts/parity/programs.sh DIR [APT-OPTION...]
#
# Fetches the packages that programs.txt names and apt knows (APT-OPTION, as `-o Dir::Etc::sourcelist=…`, for another
# release), keeps their ELF files alone, digs them as one root and prints the table of docs/parity.md. About 6 GB.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=$1
shift
mkdir -p "$dir/debs" "$dir/root"
dir=$(cd "$dir" && pwd)

known=$(apt-cache "$@" pkgnames | sort)
names=$(tr -s ' \n' '\n' <"$here/programs.txt" | sort -u | comm -12 - <(echo "$known"))
(cd "$dir/debs" && for name in $names; do
  compgen -G "${name}_*.deb" >/dev/null || apt-get -qq "$@" download "$name" || echo "not had: $name" >&2
done)

: >"$dir/truth.tsv"
for deb in "$dir"/debs/*.deb; do
  name=$(dpkg-deb -f "$deb" Package)
  source=$(dpkg-deb -f "$deb" Source)
  version=$(dpkg-deb -f "$deb" Version)
  case $source in *'('*) version=${source#*(} version=${version%)} ;; esac
  source=${source%% *}
  if [ ! -d "$dir/root/$name" ]; then
    dpkg-deb -x "$deb" "$dir/root/.new"
    find "$dir/root/.new" -type f -print0 | while IFS= read -r -d '' file; do
      [ "$(head -c 4 "$file" | tail -c 3 | tr -d '\0')" = ELF ] || rm -f "$file"
    done
    mv "$dir/root/.new" "$dir/root/$name"
  fi
  [ -n "$(find "$dir/root/$name" -type f -print -quit)" ] || continue
  printf '%s\t%s\t%s\n' "$name" "${source:-$name}" "$version" >>"$dir/truth.tsv"
done

node "$here/../../bin/trowel" dig "dir:$dir/root" -o "json=$dir/dig.json" --allow-incomplete
python3 "$here/programs.py" "$dir/truth.tsv" "$dir/dig.json" "$here/programs.tsv"
