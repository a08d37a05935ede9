"""Writes the entries of one archive that another does not hold alike: a layer on top of it.

usage: tar_minus.py ALL BELOW OUT   Names that are only in BELOW become whiteouts (layer.md of the OCI image specification).
"""

import hashlib
import os
import sys
import tarfile


def facts(archive, member):
    content = hashlib.sha256(archive.extractfile(member).read()).digest() if member.isreg() else b""
    return (member.type, member.mode, member.uid, member.gid, member.linkname, member.size, content)


def main():
    whole, below = tarfile.open(sys.argv[1]), tarfile.open(sys.argv[2])
    known = {member.name: facts(below, member) for member in below}
    names = set()
    with tarfile.open(sys.argv[3], "w", format=tarfile.PAX_FORMAT) as out:
        for member in whole:
            names.add(member.name)
            if known.get(member.name) == facts(whole, member):
                continue
            member.mtime = int(member.mtime)
            member.pax_headers = {}
            out.addfile(member, whole.extractfile(member) if member.isreg() else None)
        for name in sorted(set(known) - names):
            folder, base = os.path.split(name)
            out.addfile(tarfile.TarInfo(os.path.join(folder, ".wh." + base)))


main()
