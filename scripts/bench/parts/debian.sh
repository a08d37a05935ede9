#!/usr/bin/env bash
# Debian in two layers, as `FROM debian` and `RUN apt-get install`: DIR/debian.tar and what comes on top, DIR/apt.tar.
# usage: debian.sh DIR (needs mmdebstrap, python3, root)
source "$(dirname "$0")/common.sh"
more=(
  apache2 autoconf automake bash-completion bind9-dnsutils bzip2 ca-certificates cpanminus curl file gnupg htop
  jq less libcatalyst-perl libdancer2-perl libmojolicious-perl
  libxml2-utils lintian lsof nginx-core openssh-client openssl perl php-cli php-curl php-gd php-mbstring php-xml postgresql-client
  procps python3 python3-pip python3-requests python3-yaml rsync sqlite3 tmux tzdata unzip
  xz-utils zip zstd
)
make() { # make NAME INCLUDES
  mmdebstrap --quiet --mode=root --variant=minbase ${2:+--include="$2"} "$(suite_of_apt)" "$1" "$(mirror_of_apt)"
}
make debian.tar ''
make all.tar "$(IFS=, && echo "${more[*]}")"
python3 "$here/tar_minus.py" all.tar debian.tar apt.tar
mv debian.tar apt.tar "$dir/"
