#!/usr/bin/env bash
# The small layer that ends most images: DIR/app.tar.
# usage: app.sh DIR
source "$(dirname "$0")/common.sh"
mkdir -p tree/etc/app tree/app
printf 'listen: 8080\nworkers: 4\n' > tree/etc/app/config.yaml
printf '#!/bin/sh\nexec node /app/server.js\n' > tree/app/entrypoint.sh
chmod 755 tree/app/entrypoint.sh
echo 'require("express")().listen(8080);' > tree/app/server.js
pack tree app
