"""Makes tar archives with Python's tarfile from a seed.

usage: make.py DIR SEED NUMBER…   writes DIR/NUMBER.tar for each number
"""

import io
import os
import random
import sys
import tarfile

FORMATS = [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]
TYPES = [tarfile.REGTYPE] * 6 + [tarfile.AREGTYPE, tarfile.CONTTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE]
TYPES += [tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE]
PARTS = ["a", "usr", "lib64", "x" * 98, "y" * 99, "z" * 100, "w" * 101, "v" * 155, "u" * 156, "\u00fc", "\u65e5\u672c", "\udcff\udcc3", "with space", '"q"', "back\\slash", "new\nline", "e\u0301"]


def name(rng):
    return "/".join(rng.choice(PARTS) for _ in range(rng.randint(1, 4)))


def number(rng, bits):
    return rng.choice([0, 1, 1000, 65535, 2**21 - 1, 2**21, 2**31 - 1, 2**32 - 2, rng.getrandbits(bits)])


def member(rng, tar_format):
    info = tarfile.TarInfo(name(rng))
    info.type = rng.choice(TYPES)
    info.mode = rng.choice([0o644, 0o755, 0o4755, 0o7777, 0, rng.getrandbits(12)])
    info.uid, info.gid = number(rng, 32), number(rng, 32)
    info.mtime = rng.choice([0, 1, 1500000000, 2**33 - 1, 2**33, 2**35, -1, -86400, 1700000000.123456, -1.5, rng.getrandbits(34)])
    if info.type in (tarfile.SYMTYPE, tarfile.LNKTYPE):
        info.linkname = name(rng)
    content = b""
    if info.isreg():
        content = rng.randbytes(rng.choice([0, 1, 511, 512, 513, 1024, 5000, rng.randint(0, 20000)]))
    info.size = len(content)
    if tar_format == tarfile.PAX_FORMAT and rng.random() < 0.2:
        info.pax_headers = rng.choice([{"comment": "c\nd"}, {"SCHILY.xattr.user.x": "\u00e9=1"}, {"path": "pax/" + name(rng)}, {"LIBARCHIVE.creationtime": "1.5"}])
    return info, content


def make(path, rng):
    tar_format = rng.choice(FORMATS)
    options = {"format": tar_format, "encoding": "utf-8", "errors": "surrogateescape"}
    if tar_format == tarfile.PAX_FORMAT and rng.random() < 0.2:
        options["pax_headers"] = rng.choice([{"comment": "of all"}, {"gid": "77"}, {"mtime": "1234.5"}, {"path": "all/alike"}])
    with tarfile.open(path, "w", **options) as archive:
        for _ in range(rng.randint(0, 8)):
            info, content = member(rng, tar_format)
            try:
                archive.addfile(info, io.BytesIO(content))
            except ValueError:
                continue  # ustar has no room for it


def main():
    folder, seed = sys.argv[1], sys.argv[2]
    for which in sys.argv[3:]:
        make(os.path.join(folder, which + ".tar"), random.Random(f"{seed}/{which}"))


main()
