"""Prints the tables of docs/parity.md from what run.sh wrote; exits non-zero at a difference that nobody explained.

usage: compare.py DIR EXPLAINED.tsv

Components are compared by purl without qualifiers, once an image; of kinds that Trowel catalogues. EXPLAINED.tsv has a
line for each difference: image, who has it (Trowel alone; Syft or Scalibr, not Trowel), purl, who is right, and why, with the
file and its bytes. A `*` in image or purl stands for anything.
"""

import collections
import fnmatch
import json
import os
import re
import sys
from urllib.parse import unquote

KINDS = ["deb", "apk", "rpm", "alpm", "golang", "pypi", "npm", "maven", "cargo", "gem", "composer", "pear", "nuget", "cran", "generic"]
PEERS = ["Syft", "Scalibr"]


def main():
    work, explained = sys.argv[1:]
    known = [line.rstrip("\n").split("\t") for line in open(explained) if line.strip() and line[0] != "#"]
    used = set()
    counts, only, sums, bad = [], [], [], []
    for line in open(os.path.join(work, "images.tsv")):
        name = line.split("\t")[0]
        out = os.path.join(work, "out", name.replace("/", "-"))
        dig = json.load(open(out + ".dig.json"))
        mine = ours(dig)
        peers = {
            "Syft": theirs(json.load(open(out + ".syft.json")), dig["components"]),
            "Scalibr": spdx(json.load(open(out + ".scalibr.json")), mine),
        }
        for kind in KINDS:
            own, *others = (
                {p for p in side if p.startswith(f"pkg:{kind}/")} for side in (mine, *(peers[name] for name in PEERS))
            )
            union = set().union(*others)
            if own or union:
                counts.append((name, kind, len(own & union), len(own - union), *(len(one - own) for one in others)))
            only += [(name, "Trowel", p, mine[p]) for p in sorted(own - union)]
            for peer, one in zip(PEERS, others):
                only += [(name, peer, p, peers[peer][p]) for p in sorted(one - own)]
        coverage = dig["images"][0]["coverage"]
        own = f"{coverage['files']} {coverage['bytes']}"
        others = [open(out + end).read().strip() for end in (".replay", ".umoci")]
        sums.append((name, own, *others))
        if others[0] != own or others[1] not in (own, "did not unpack"):
            bad.append(f"the counts of {name} differ: {own}, {others[0]}, {others[1]}")
    rows, examples = collections.Counter(), {}
    for name, who, purl, place in only:
        found = next((i for i, k in enumerate(known) if k[1] in (who, '*') and match(name, k[0]) and match(purl, k[2])), None)
        if found is None:
            bad.append(f"not explained: {name}\t{who}\t{purl}\t{place}")
            continue
        used.add(found)
        rows[found] += 1
        examples.setdefault(found, (purl, place))
    bad += [f"explains nothing: {' '.join(k[:3])}" for i, k in enumerate(known) if i not in used]
    table(["image", "kind", "Trowel and a peer", "only Trowel", "Syft, not Trowel", "Scalibr, not Trowel"], counts)
    table(
        ["image", "only in", "how many", "for example", "where", "right", "what shows it"],
        [(k[0], k[1], rows[i], *(f"`{word}`" for word in examples[i]), k[3], k[4]) for i, k in enumerate(known) if i in rows],
    )
    table(["image", "Trowel: files, bytes", "GNU tar replayed", "umoci unpacked"], sums)
    for line in bad:
        print(line, file=sys.stderr)
    sys.exit(1 if bad else 0)


def match(text, pattern):
    return fnmatch.fnmatchcase(text, pattern.replace("[", "[[]"))


def bare(text):
    return unquote(text.split("?")[0].split("#")[0])


def ours(dig):
    found = {}
    for row in dig["components"]:
        found.setdefault(bare(row["purl"]), min(place["path"] for place in row["locations"]))
    return found


def theirs(document, components):
    """Syft gives no purl to a package of a distribution that it does not know: then kind, name and version count."""
    same = {(bare(c["purl"])[4:].split("/")[0], c["name"], c["version"]): bare(c["purl"]) for c in components}
    found = {}
    for row in document["artifacts"]:
        kind, name, version = row["type"], row["name"], row["version"]
        name = bare(row.get("purl") or "") or same.get((kind, name, version), f"pkg:{kind}/{name}@{version}")
        found.setdefault(name, min((p["path"].lstrip("/") for p in row.get("locations", [])), default="-"))
    return found


def spdx(document, mine):
    """Scalibr's; a distribution that it does not know it calls linux; Go's versions it writes without `v`, and its library as `go`."""
    known = {re.sub("^pkg:(deb|apk|rpm)/[^/]*/", r"pkg:\1/", p): p for p in mine}
    found = {}
    for row in document.get("packages", []):
        for one in row.get("externalRefs", []):
            if one["referenceType"] == "purl":
                name = bare(one["referenceLocator"])
                if name.startswith("pkg:golang/"):
                    name = re.sub("^pkg:golang/go@", "pkg:golang/stdlib@", name).removesuffix("@(devel)")
                    name = next((n for n in (name, name.replace("@", "@v", 1)) if n in mine), name)
                name = known.get(re.sub("^pkg:(deb|apk|rpm)/[^/]*/", r"pkg:\1/", name), name)
                found.setdefault(name, re.sub(r"^Identified by the (\S+) extractor from ", r"\1 ", row.get("sourceInfo", "-")))
    return found


def table(head, rows):
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |")
    print()


main()
