"""Counts the regular files and bytes of an image without Trowel: GNU tar lists each layer, this replays the lists.

usage: replay.py LAYOUT_OR_ARCHIVE [REFERENCE]   prints FILES BYTES

Takes an OCI layout (a directory), or an image archive (OCI or docker, plain or gzip), for its one image or the named one.
Whiteouts, opaque directories, replaced directories and hard links are applied as the OCI image specification says
(layer.md); a hard-linked file counts once.
"""

import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile

# `tar --list --verbose --numeric-owner --full-time`: mode, owner, size, date, time, name
LINE = re.compile(r"^([-dlhcbps])(\S{9})\S* \S+ +(\d+|\d+,\d+) \S+ \S+ (.*)$")


def main():
    source = sys.argv[1]
    reference = sys.argv[2] if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory() as scratch:
        if not os.path.isdir(source):
            with tarfile.open(source) as archive:
                archive.extractall(scratch, filter="tar") if hasattr(tarfile, "tar_filter") else archive.extractall(scratch)
            source = scratch
        files = replay(layers(source, reference))
    seen = {}
    for path, (kind, size, target) in files.items():
        if kind in "-h":
            seen[identity(files, path)] = True
    total = sum(files[path][1] for path in seen)
    print(len(seen), total)


def identity(files, path):
    """The file that a chain of hard links ends in; a link whose target is gone is a file of its own."""
    kind, _, target = files[path]
    if kind == "h" and target in files and files[target][0] in "-h" and target != path:
        return identity(files, target)
    return path


def layers(root, reference):
    """The layer tars of the image, bottom first."""
    manifest = os.path.join(root, "manifest.json")
    index = os.path.join(root, "index.json")
    if os.path.exists(index) and not os.path.exists(manifest):
        descriptors = json.load(open(index))["manifests"]
        if reference:
            key = "org.opencontainers.image.ref.name"
            descriptors = [d for d in descriptors if d.get("annotations", {}).get(key) == reference]
        document = blob(root, descriptors[0]["digest"])
        while "manifests" in document:
            document = blob(root, [d for d in document["manifests"] if d.get("platform", {}).get("os") == "linux"][0]["digest"])
        return [blob_path(root, layer["digest"]) for layer in document["layers"]]
    return [os.path.join(root, layer) for layer in json.load(open(manifest))[0]["Layers"]]


def blob_path(root, digest):
    return os.path.join(root, "blobs", *digest.split(":"))


def blob(root, digest):
    return json.load(open(blob_path(root, digest)))


def replay(paths):
    files = {}
    for path in paths:
        added = {}
        hidden = []
        for kind, size, name, target in listing(path):
            directory, base = os.path.split(name)
            if base == ".wh..wh..opq":
                hidden.append((directory, True))
            elif base.startswith(".wh."):
                hidden.append((os.path.join(directory, base[4:]), False))
            else:
                added[name] = (kind, size, target)
        for gone, opaque in hidden:
            for known in list(files):
                if known.startswith(gone + "/" if gone else "") or (not opaque and known == gone):
                    freeze(files, known)
                    files.pop(known, None)
        for name, entry in added.items():
            if entry[0] != "d":
                for known in [k for k in files if k.startswith(name + "/")]:
                    files.pop(known)
            if name in files and files[name][0] in "-h" and entry != files[name]:
                freeze(files, name)
            # a hard link into a lower layer shares that file's bytes, whatever becomes of its name
            kind, size, target = entry
            if kind == "h" and target not in added and target in files:
                size = files[target][1]
            files[name] = (kind, size, target)
        for name, (kind, size, target) in list(added.items()):
            if kind == "h" and target in files:
                files[name] = (kind, files[target][1], target)
    return files


def freeze(files, gone):
    """Before a name goes, the links to it take over: the first becomes the file."""
    links = sorted(name for name, entry in files.items() if entry[0] == "h" and entry[2] == gone)
    if not links or gone not in files:
        return
    first = links[0]
    files[first] = ("-", files[gone][1], "")
    for name in links[1:]:
        files[name] = ("h", files[gone][1], first)


def listing(path):
    command = ["tar", "--list", "--verbose", "--numeric-owner", "--full-time", "--quoting-style=escape", "--file", path]
    text = subprocess.run(command, check=True, capture_output=True, env={**os.environ, "LC_ALL": "C"}).stdout.decode("utf-8", "surrogateescape")
    for line in text.splitlines():
        match = LINE.match(line)
        if not match:
            sys.exit("cannot read this line of tar: " + line)
        kind, _, size, rest = match.groups()
        target = ""
        if kind == "l":
            rest = rest.split(" -> ")[0]
        if kind == "h":
            rest, target = rest.split(" link to ", 1)
        yield kind, int(size) if kind == "-" else 0, clean(rest), clean(target)


def clean(name):
    return os.path.normpath("/" + name).lstrip("/") if name else ""


main()
