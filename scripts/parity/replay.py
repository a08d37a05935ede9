"""Counts the regular files and bytes of an image without Trowel: GNU tar lists each layer, the kernel replays the lists.

usage: replay.py LAYOUT_OR_ARCHIVE [REFERENCE]   prints FILES BYTES; names links to nothing on standard error

Takes an OCI layout (a directory), or an image archive (OCI or docker, plain or gzip), for its one image or the named one.
Every entry becomes a real file of that length (a hole), link or directory below an empty folder, whose inside is the
root of this process: what a symbolic link, a hard link or a removed name means the kernel decides. Of whiteouts, opaque
directories and replaced files the OCI image specification (layer.md) is followed. A hard-linked file counts once.
Needs root, or a kernel that lets users map themselves to it.
"""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import tempfile

# `tar --list --verbose --numeric-owner --full-time --quoting-style=c`: mode, owner, size, date, time, "name"
LINE = re.compile(r'^([-dlhcbps])\S{9}\S* \S+ +(\d+|\d+,\d+) \S+ \S+ +"((?:[^"\\]|\\.)*)"(?: (?:->|link to) "((?:[^"\\]|\\.)*)")?$')
LETTERS = {"n": 10, "t": 9, "r": 13, "b": 8, "f": 12, "v": 11, "a": 7, '"': 34, "\\": 92, "?": 63}


def main():
    source = sys.argv[1]
    reference = sys.argv[2] if len(sys.argv) > 2 else None
    if os.geteuid() != 0:
        os.execvp("unshare", ["unshare", "--user", "--map-root-user", sys.executable, *sys.argv])
    with tempfile.TemporaryDirectory() as scratch:
        if not os.path.isdir(source):
            unpacked = os.path.join(scratch, "archive")
            os.mkdir(unpacked)
            with tarfile.open(source) as archive:
                archive.extractall(unpacked)
            source = unpacked
        lists = [list(listing(path)) for path in layers(source, reference)]
        root = os.path.join(scratch, "root")
        os.mkdir(root)
        child = os.fork()
        if child == 0:
            os.chroot(root)
            os.chdir("/")
            for entries in lists:
                apply(entries)
            print(*count())
            sys.stdout.flush()
            os._exit(0)
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


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


def listing(path):
    command = ["tar", "--list", "--verbose", "--numeric-owner", "--full-time", "--quoting-style=c", "--file", path]
    text = subprocess.run(command, check=True, capture_output=True, env={**os.environ, "LC_ALL": "C"}).stdout
    for line in text.decode("latin-1").splitlines():
        match = LINE.match(line)
        if not match:
            sys.exit("cannot read this line of tar: " + line)
        kind, size, name, target = match.groups()
        yield kind, int(size) if kind == "-" else 0, raw(name), raw(target or "")


def raw(quoted):
    """The bytes that C's quoting stands for."""
    one = lambda found: bytes([int(found[1], 8) if found[1][0].isdigit() else LETTERS[found[1]]]).decode("latin-1")
    return re.sub(r"\\([0-7]{3}|.)", one, quoted).encode("latin-1")


def inside(name):
    """Where an entry's name leads: `..` ends at the root."""
    return os.path.normpath(b"/" + name).replace(b"//", b"/")


def apply(entries):
    # Whiteouts say something about lower layers only, wherever in the layer they stand (layer.md, "Whiteouts").
    stay = []
    for kind, size, name, target in entries:
        path = inside(name)
        folder, base = os.path.split(path)
        if base == b".wh..wh..opq":
            if os.path.isdir(folder):
                for child in os.listdir(folder):
                    remove(os.path.join(folder, child))
        elif base.startswith(b".wh..wh."):
            continue
        elif base.startswith(b".wh."):
            remove(os.path.join(folder, base[4:]))
        else:
            stay.append((kind, size, path, target))
    early = [entry for entry in stay if not place(*entry)]
    for entry in early:
        if not place(*entry):
            print("a link to nothing:", entry[2], "->", entry[3], file=sys.stderr)


def place(kind, size, path, target):
    """Puts one entry down; False for a hard link whose target is not there (yet)."""
    if path == b"/":
        return True
    folders(os.path.dirname(path))
    if kind == "d" and os.path.isdir(path) and not os.path.islink(path):
        return True
    if kind == "h":
        origin = inside(target)
        if not os.path.lexists(origin):
            return False
        if os.path.lexists(path) and os.path.samestat(os.lstat(origin), os.lstat(path)):
            return True
        remove(path)
        os.link(origin, path, follow_symlinks=False)
        return True
    remove(path)
    if kind == "d":
        os.mkdir(path)
    elif kind == "l":
        os.symlink(target, path)
    elif kind == "-":
        with open(path, "wb") as file:
            file.truncate(size)
    else:
        os.mkfifo(path)  # devices too: all that counts is that they are no regular files
    return True


def folders(path):
    """Makes what is missing on the way; a file on the way gives way to a folder."""
    if os.path.isdir(path):
        return
    folders(os.path.dirname(path))
    remove(path)
    os.mkdir(path)


def remove(path):
    if not os.path.lexists(path):
        return
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    else:
        os.unlink(path)


def count():
    found = {}
    for folder, _, names in os.walk(b"/"):
        for name in names:
            facts = os.lstat(os.path.join(folder, name))
            if stat.S_ISREG(facts.st_mode):
                found[facts.st_ino] = facts.st_size
    return len(found), sum(found.values())


main()
