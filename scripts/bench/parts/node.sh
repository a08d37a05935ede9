#!/usr/bin/env bash
# Trees of node_modules: what is named is pinned, what that needs is what npm chooses now: DIR/node.tar.
# usage: node.sh DIR   (needs npm)
source "$(dirname "$0")/common.sh"
mkdir -p tree/app tree/tools
install() { # install FOLDER PACKAGE…
  local folder=$1
  shift
  (cd "$folder" && echo "{\"name\":\"mixed-$(basename "$folder")\",\"version\":\"1.0.0\",\"private\":true}" > package.json &&
    npm install --loglevel=error --ignore-scripts --no-audit --no-fund --legacy-peer-deps "$@")
}
install tree/app express@4.19.2 lodash@4.17.21 axios@1.7.2 react@18.3.1 @nestjs/core@10.3.8 @nestjs/platform-express@10.3.8 \
  mongoose@8.4.0 pg@8.11.5 aws-sdk@2.1630.0 graphql@16.8.1 apollo-server-express@3.13.0 winston@3.13.0 socket.io@4.7.5 typeorm@0.3.20
install tree/tools webpack@5.91.0 webpack-cli@5.1.4 typescript@5.4.5 eslint@8.57.0 jest@29.7.0 @babel/core@7.24.6 @babel/preset-env@7.24.6 \
  gulp@5.0.0 karma@6.4.3 esbuild@0.21.4 postcss-preset-env@9.5.14 stylelint@16.6.1
# It repeats where each package came from.
find tree -name .package-lock.json -delete
pack tree node
