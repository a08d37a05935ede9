"""Prints the tables "Languages" of docs/parity.md; see languages.sh. Exits non-zero at what is not explained.

usage: languages.py DIR EXPLAINED.tsv

Packages are compared by purl without qualifiers, once a root. EXPLAINED.tsv: root, who alone has it (Trowel, Syft,
Scalibr), purl, place, who is right, why; `*` stands for anything. Java's peers guess groups: a jar counts as found
where file, artifact and version are, and the groups are judged by what Maven lists.
"""

import collections
import fnmatch
import json
import os
import re
import sys
from urllib.parse import unquote

ROOTS = ["python", "node", "java", "rust", "debian", "dotnet"]
# Programs that are known by their own words are compared by run.sh.
SKIPPED = {"generic", "golang", "deb", "github"}


def main():
    work, explained = sys.argv[1:]
    rules = [line.rstrip("\n").split("\t") for line in open(explained) if line.strip() and line[0] != "#"]
    counts, differences, bad = [], collections.Counter(), []
    examples = {}
    for root in ROOTS:
        tools = {"Trowel": trowel(work, root), "Syft": syft(work, root), "Scalibr": scalibr(work, root)}
        if root == "java":
            truth = maven(work)
            tools = {name: as_maven(found, truth) for name, found in tools.items()}
        for kind in sorted({kind_of(p) for found in tools.values() for p in found}):
            sets = {name: {p for p in found if kind_of(p) == kind} for name, found in tools.items()}
            mine, union = sets["Trowel"], sets["Syft"] | sets["Scalibr"]
            justified = 0
            for who, only in (("Syft", sets["Syft"] - mine), ("Scalibr", sets["Scalibr"] - mine), ("Trowel", mine - union)):
                for purl in sorted(only):
                    place = tools[who][purl]
                    rule = next((i for i, r in enumerate(rules) if fits(r, root, who, purl, place)), None)
                    if rule is None:
                        bad.append(f"not explained: {root}\t{who}\t{purl}\t{place}")
                        continue
                    differences[rule] += 1
                    examples.setdefault(rule, (purl, place))
            for purl in union - mine:
                who = "Syft" if purl in sets["Syft"] else "Scalibr"
                rule = next((r for r in rules if fits(r, root, who, purl, tools[who][purl])), None)
                justified += rule is not None and rule[4] in ("Trowel", "both")
            rest = len(union) - justified
            recall = "–" if rest == 0 else f"{100 * len(union & mine) / rest:.1f} %"
            counts.append((root, kind, len(mine), len(sets["Syft"]), len(sets["Scalibr"]), len(mine & union), len(union), recall))
    table(["root", "kind", "Trowel", "Syft", "Scalibr", "Trowel of the peers' union", "union", "recall, without what is explained as wrong or another name"], counts)
    for root, what, names in clients(work):
        missing = sorted(names - {(p, v) for p, v in versions(trowel(work, root))})
        for name, version in missing:
            rule = next((i for i, r in enumerate(rules) if fits(r, root, "client", name, version)), None)
            if rule is None:
                bad.append(f"{what} lists what Trowel lacks: {root} {name} {version}")
            else:
                differences[rule] += 1
                examples.setdefault(rule, (name, version))
        print(f"- `{what}`: {len(names)} packages, Trowel lacks {len(missing)}")
    print()
    rows = []
    for index, (root, who, purl, place, right, why) in enumerate(rules):
        if index in differences:
            rows.append((root, who, differences[index], f"`{examples[index][0]}`", right, why))
        else:
            bad.append(f"explains nothing: {root} {who} {purl}")
    table(["root", "only in", "how many", "for example", "right", "what shows it"], rows)
    for line in bad:
        print(line, file=sys.stderr)
    sys.exit(1 if bad else 0)


def fits(rule, root, who, purl, place):
    wild = lambda text, pattern: fnmatch.fnmatchcase(text, pattern.replace("[", "[[]"))
    return wild(root, rule[0]) and who == rule[1] and wild(purl, rule[2]) and wild(place, rule[3])


def kind_of(purl):
    return purl[4:].split("/", 1)[0]


def plain(purl):
    return unquote(purl.split("?")[0].split("#")[0])


def keep(rows):
    found = {}
    for purl, place in rows:
        if kind_of(purl) not in SKIPPED:
            found.setdefault(plain(purl), place.lstrip("/"))
    return found


def trowel(work, root):
    rows = json.load(open(f"{work}/out/{root}.dig.json"))["components"]
    return keep((c["purl"], f"{c['locations'][0]['path']} {c['foundBy']}") for c in rows)


def syft(work, root):
    rows = json.load(open(f"{work}/out/{root}.syft.json"))["artifacts"]
    return keep((a["purl"], a["locations"][0]["path"]) for a in rows if a.get("purl"))


def scalibr(work, root):
    rows = json.load(open(f"{work}/out/{root}.scalibr.json")).get("packages", [])
    refs = ((r["referenceLocator"], p.get("sourceInfo", "")) for p in rows for r in p.get("externalRefs", []) if r["referenceType"] == "purl")
    return keep((purl, re.sub(r"^Identified by the (\S+) extractor from ", r"\1 ", info)) for purl, info in refs)


def maven(work):
    """Lower-case `artifact@version` to `group/artifact@version` as Maven resolved it."""
    truth = {}
    for line in open(f"{work}/out/maven.txt"):
        found = re.match(r"\s+([\w.-]+):([\w.-]+):jar:(?:[\w.-]+:)?([\w.-]+):(?:compile|runtime|provided)", re.sub(r"\x1b\[[0-9;]*m", "", line))
        if found:
            group, artifact, version = found.groups()
            truth[f"{artifact}@{version}".lower()] = f"pkg:maven/{group}/{artifact}@{version}"
    return truth


def as_maven(found, truth):
    """Peers' groups beside Maven's: what names a resolved artifact in its version counts as that one, or as `wrong-group`."""
    out = {}
    for purl, place in found.items():
        known = truth.get(purl.rsplit("/", 1)[-1].lower())
        out.setdefault(purl if known is None or known == purl else f"pkg:maven/wrong-group/{purl[10:]}", place)
    return out


def versions(found):
    for purl in found:
        name, _, version = purl[4:].split("/", 1)[1].rpartition("@")
        yield (name.lower().replace("_", "-"), version)


def clients(work):
    """What the registries' own clients say is there: root, command, names with versions."""
    low = lambda name: re.sub(r"[-_.]+", "-", name).lower()
    listed = json.load(open(f"{work}/out/pip.json"))
    yield "python", "pip list", {(p["name"].lower().replace("_", "-"), p["version"]) for p in listed}
    lock = json.load(open(f"{work}/roots/node/app/package-lock.json"))["packages"]
    # An alias (`string-width-cjs`) is a folder; its package.json has the package's own name.
    alias = {path.rpartition("node_modules/")[2]: one["name"] for path, one in lock.items() if path and "name" in one}
    names = set()

    def walk(node):
        for name, one in (node.get("dependencies") or {}).items():
            if one.get("version") and not one.get("missing"):
                names.add((alias.get(name, name).lower().replace("_", "-"), one["version"]))
            walk(one)

    walk(json.load(open(f"{work}/out/npm.json")))
    yield "node", "npm ls --all", names
    yield "java", "mvn dependency:list", {(re.sub("^pkg:maven/", "", p).rpartition("@")[0].lower().replace("_", "-"), p.rpartition("@")[2]) for p in maven(work).values()}
    crates = {tuple(line.split(" ")[:2]) for line in open(f"{work}/out/cargo.txt") if " v" in line}
    yield "rust", "cargo tree", {(name.lower().replace("_", "-"), version.strip().lstrip("v")) for name, version in crates}


def table(head, rows):
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |")
    print()


main()
