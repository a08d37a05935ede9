#!/usr/bin/env bash
# A small base: the least that dpkg itself calls installed, without documents and translations (about 15 MB compressed).
# usage: base.sh DIR   (needs mmdebstrap, root)
source "$(dirname "$0")/common.sh"
mmdebstrap --quiet --mode=root --variant=custom \
  --include=base-files,base-passwd,dash,debianutils,diffutils,dpkg,grep,libc-bin,sed,coreutils,tar,gzip,busybox,netbase,libssl3,zlib1g,libstdc++6 \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  "$(suite_of_apt)" base.tar "$(mirror_of_apt)"
mv base.tar "$dir/base.tar"
