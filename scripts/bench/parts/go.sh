#!/usr/bin/env bash
# Programs built from Go modules: DIR/go.tar.
# usage: go.sh DIR   (needs go)
source "$(dirname "$0")/common.sh"
programs=(
  github.com/anchore/syft/cmd/syft@v1.57.0
  github.com/prometheus/node_exporter@v1.8.1 github.com/google/go-containerregistry/cmd/crane@v0.20.2 sigs.k8s.io/kustomize/kustomize/v5@v5.4.2
)
mkdir -p tree/usr/local/bin
for program in "${programs[@]}"; do
  GOTOOLCHAIN=auto GOBIN=$work/tree/usr/local/bin go install "$program"
done
pack tree go
