"""Compares the components of a dig with Syft's, image by image, by purl without qualifiers; prints Markdown.

usage: compare.py NAME DIG.json SYFT.json [NAME DIG.json SYFT.json …]

Components are counted once a purl and image. Only the kinds that Trowel catalogues are compared: deb, apk, golang, pypi,
npm, maven. What only one of the two reports is listed with the place where it was found.
"""

import json
import sys
from urllib.parse import unquote

KINDS = ["deb", "apk", "golang", "pypi", "npm", "maven"]


def purl(text):
    return unquote(text.split("?")[0].split("#")[0])


def kind(text):
    return text[4:].split("/")[0]


def ours(path):
    found = {}
    for row in json.load(open(path))["components"]:
        for place in row["locations"]:
            found.setdefault(purl(row["purl"]), set()).add(place["path"])
    return found


def theirs(path):
    found = {}
    for row in json.load(open(path))["artifacts"]:
        for place in row.get("locations", []):
            name = purl(row.get("purl") or "")
            found.setdefault(name, set()).add(place["path"].lstrip("/"))
    return found


def main():
    rows = []
    only = []
    arguments = sys.argv[1:]
    for name, dig, syft in zip(arguments[::3], arguments[1::3], arguments[2::3]):
        mine, peer = ours(dig), theirs(syft)
        for one in KINDS:
            a = {p for p in mine if kind(p) == one}
            b = {p for p in peer if p.startswith("pkg:") and kind(p) == one}
            if not a and not b:
                continue
            rows.append((name, one, len(a & b), len(a - b), len(b - a)))
            only += [(name, "Trowel", p, sorted(mine[p])[0]) for p in sorted(a - b)]
            only += [(name, "Syft", p, sorted(peer[p])[0]) for p in sorted(b - a)]
    print("| image | kind | both | only Trowel | only Syft |\n|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print("\n| image | only in | component | where |\n|---|---|---|---|")
    for row in only:
        print("| " + " | ".join(row) + " |")


main()
