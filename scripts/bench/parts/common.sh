# What the parts share; sourced. Each part is `NAME.sh DIR`: it writes DIR/NAME.tar (or the files that its head names).
# Nothing in the archives depends on the clock or the order of a directory.
set -euo pipefail
export SOURCE_DATE_EPOCH=0 LC_ALL=C
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$(mkdir -p "$1" && cd "$1" && pwd)
work=$(mktemp -d "$dir/making.XXXXXX")
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"

# pack TREE NAME: the tree becomes DIR/NAME.tar, which is there whole or not at all.
pack() {
  tar --sort=name --format=posix --pax-option=delete=atime,delete=ctime --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$2.tar" -C "$1" .
  mv "$2.tar" "$dir/$2.tar"
}
# The first mirror of the machine's own apt sources, for mmdebstrap, and their suite.
mirror_of_apt() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | grep -v '^#' | grep -oE 'https?://[^ ]+' | sed -n 1p || true
}
suite_of_apt() {
  . /etc/os-release && echo "$VERSION_CODENAME"
}
