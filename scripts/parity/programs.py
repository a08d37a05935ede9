"""Prints the table "Programs" of docs/parity.md: programs of Debian, unpacked without its database; see programs.sh.

usage: programs.py TRUTH.tsv DIG.json EXPLAINED.tsv [--all]

TRUTH.tsv: folder (the binary package), source package, version. DIG.json: a dig of the folders' parent. Every component
that a rule, a program's own record or its headers name is held to the upstream version of the package it lies in:

right     that version, or its beginning (`9.0` of `9.0.1378`), with the name of the source package or one that EXPLAINED
          gives it
unsaid    the program is named, without a version
linked    a library inside another program: nothing here states which version it is
wrong     another version than the program's, or another program
other     everything else: EXPLAINED.tsv (source package, component, version, verdict, why) must say what it is

Exits non-zero where there is any `other`. With --all every component is printed, and the source packages of
which nothing is named.
"""

import collections
import fnmatch
import json
import re
import sys

# What programs say of themselves; libraries listed by a program (modules, crates, packages) are compared elsewhere.
FINDERS = {"binaries", "elf", "go", "jdk", "graalvm"}


def main():
    truth_path, dig_path, explained_path = sys.argv[1:4]
    truth = {row[0]: row[1:] for row in rows(truth_path)}
    explained = [row for row in rows(explained_path)]
    used = set()
    verdicts = collections.Counter()
    best = {}
    lines = []
    for component in json.load(open(dig_path))["components"]:
        if component["foundBy"] not in FINDERS:
            continue
        linked = component["owns"] is None or component["owns"]["files"] == 0
        if component["foundBy"] == "go" and (linked or component["name"] == "stdlib"):
            continue
        for package in sorted({place["path"].split("/")[0] for place in component["locations"]}):
            if package not in truth:
                continue
            source, version = truth[package]
            verdict = judged(component, source, upstream(version), linked, explained, used)
            verdicts[verdict] += 1
            path = next(p["path"] for p in component["locations"] if p["path"].startswith(package + "/"))
            lines.append((verdict, source, component["name"], component["version"], upstream(version), path))
            rank = ["right", "unsaid", "wrong", "other", "linked"].index(verdict)
            best[package] = min(rank, best.get(package, 9))
    for line in sorted(lines, key=str):
        if line[0] in ("other", "wrong") or "--all" in sys.argv:
            print("\t".join(map(str, line)))
    sources = {source for source, _ in truth.values()}
    right = {truth[p][0] for p, rank in best.items() if rank == 0}
    named = {truth[p][0] for p, rank in best.items() if rank < 2}
    told = verdicts["right"] + verdicts["wrong"] + verdicts["other"]
    print(f"| {len(truth)} packages of {len(sources)} sources | {len(right)} | {len(named - right)} | {len(sources - named)} "
          f"| {verdicts['right']} of {told} | {verdicts['linked']} |")
    if "--all" in sys.argv:
        print("nothing names:", " ".join(sorted(sources - named)))
    sys.exit(verdicts["other"] > 0)


def rows(path):
    with open(path) as lines:
        return [line.rstrip("\n").split("\t") for line in lines if line.strip() and line[0] != "#"]


def upstream(version):
    """What upstream calls a version of Debian: without epoch, revision and what Debian says of its source."""
    version = re.sub(r"^\d+:", "", version)
    version = re.sub(r"-[^-]*$", "", version)
    version = re.sub(r"^.*[+~.]really", "", version)
    return re.sub(r"[+~.](?:dfsg|ds|repack|git|gfdl|debian|deb|nmu|stable)[\w.+~]*$", "", version)


def plain(version):
    return re.sub(r"[~_-]", "", version).lower().lstrip("v")


def judged(component, source, version, linked, explained, used):
    found = component["version"]
    same = found is not None and agree(plain(upstream(found)), plain(version))
    for index, (package, name, pattern, verdict, *_) in enumerate(explained):
        fits = same if pattern == "=" else found is not None and fnmatch.fnmatch(found, pattern)
        if fits and fnmatch.fnmatch(source, package) and fnmatch.fnmatch(component["name"], name):
            used.add(index)
            return verdict
    if linked:
        return "linked"
    if found is None:
        return "unsaid"
    return "right" if same and related(component["name"], source) else "other"


def agree(a, b):
    """Whether one is the other, or how it begins."""
    return any(re.match(re.escape(x) + r"(?![0-9])", y) for x, y in ((a, b), (b, a)))


def related(name, source):
    """Whether the names are one, without what Debian adds to it."""
    def key(text):
        return re.sub(r"[^a-z]", "", re.sub(r"^(lib|node-|golang-)|[\d.]+$", "", text.split("/")[-1].lower()))

    return key(name) == key(source) or key(name) in key(source) or key(source) in key(name)


if __name__ == "__main__":
    main()
