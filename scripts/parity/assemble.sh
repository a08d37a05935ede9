#!/usr/bin/env bash
# Assembles one large image from real packages with real tools, as an OCI layout in DIR with the reference "mixed":
# Debian (mmdebstrap), PyPI (pip), npm, Maven and Go. Nothing is run that came with a package.
# usage: assemble.sh DIR   (needs mmdebstrap, python3 with pip, npm, mvn, go, umoci; an apt source list)
set -euo pipefail
dir=$(mkdir -p "$1" && cd "$1" && pwd)
parts=$dir/parts
mkdir -p "$parts"
cd "$parts"

# The first mirror of the machine's own apt sources.
mirror_of_apt() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | grep -v '^#' | grep -oE 'https?://[^ ]+' | sed -n 1p || true
}
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")

if [ ! -e debian.tar ]; then
  mirror=$(mirror_of_apt)
  mmdebstrap --quiet --mode=root --variant=minbase --include=ca-certificates,curl,git,perl,python3,openssl,tzdata,nginx-core,postgresql-client "$suite" debian.part.tar "$mirror"
  mv debian.part.tar debian.tar
fi

if [ ! -e python.tar ]; then
  rm -rf python && mkdir -p python/usr/local/lib/python3.11/site-packages
  python3 -m pip install --quiet --no-deps --no-compile --only-binary :all: --target python/usr/local/lib/python3.11/site-packages \
    kubernetes==12.0.0 requests==2.24.0 urllib3==1.25.11 certifi==2020.6.20 rsa==4.6 six==1.15.0 google-auth==1.23.0 \
    flask==2.0.3 jinja2==3.0.3 werkzeug==2.0.3 django==3.2.12 sqlalchemy==1.4.41 numpy==1.26.4 cryptography==41.0.7 pillow==10.1.0
  tar --sort=name --mtime=@0 --owner=0 --group=0 -cf python.tar -C python .
fi

if [ ! -e node.tar ]; then
  rm -rf node && mkdir -p node/app && cd node/app
  echo '{"name":"mixed-app","version":"1.0.0","private":true}' > package.json
  npm install --silent --ignore-scripts --no-audit --no-fund express@4.17.1 lodash@4.17.15 axios@0.19.2 webpack@5.76.0 react@18.2.0 typescript@4.9.5 esbuild@0.16.0
  cd "$parts"
  tar --sort=name --mtime=@0 --owner=0 --group=0 -cf node.tar -C node .
fi

if [ ! -e java.tar ]; then
  rm -rf java && mkdir -p java/opt/app/lib
  for artifact in org.apache.logging.log4j:log4j-core:2.14.1 org.springframework:spring-web:5.3.15 \
    com.fasterxml.jackson.core:jackson-databind:2.12.3 com.google.guava:guava:29.0-jre io.netty:netty-all:4.1.60.Final \
    commons-collections:commons-collections:3.2.1; do
    mvn -q -B dependency:get -Dartifact="$artifact" -Dtransitive=false -Dmaven.repo.local="$parts/m2" || echo "left out: $artifact" >&2
  done
  # Only what was asked for: the plug-in's own jars lie in the same repository.
  for name in log4j-core-2.14.1 spring-web-5.3.15 jackson-databind-2.12.3 guava-29.0-jre netty-all-4.1.60.Final commons-collections-3.2.1; do
    find m2 -name "$name.jar" -exec cp {} java/opt/app/lib/ \;
  done
  tar --sort=name --mtime=@0 --owner=0 --group=0 -cf java.tar -C java .
fi

if [ ! -e go.tar ]; then
  rm -rf go && mkdir -p go/usr/local/bin
  CGO_ENABLED=0 GOBIN=$parts/go/usr/local/bin go install -trimpath github.com/prometheus/node_exporter@v1.0.1
  GOBIN=$parts/go/usr/local/bin go install github.com/google/go-containerregistry/cmd/crane@v0.20.2
  tar --sort=name --mtime=@0 --owner=0 --group=0 -cf go.tar -C go .
fi

rm -rf "$dir/layout"
umoci init --layout "$dir/layout"
umoci new --image "$dir/layout:mixed"
for layer in debian python node java go; do
  umoci raw add-layer --image "$dir/layout:mixed" --history.created_by "layer of $layer" "$parts/$layer.tar"
done
umoci gc --layout "$dir/layout"
du -sh "$dir/layout"
