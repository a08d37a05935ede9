#!/usr/bin/env bash
# The wheels that python.txt names, as pip installs them: DIR/python.tar.
# usage: python.sh DIR   (needs python3 with pip)
source "$(dirname "$0")/common.sh"
site=tree/usr/local/lib/python3.11/site-packages
mkdir -p "$site"
python3 -m pip install --quiet --no-deps --no-compile --only-binary :all: --python-version 3.11.9 --disable-pip-version-check \
  --root-user-action=ignore --requirement "$here/python.txt" --target "$site"
pack tree python
