"""The images that are compared, each as an OCI layout of its own with the reference "it".

usage: images.py DIR [ARCHIVES]   prints NAME PLATFORM TARGET LAYOUT a line, and writes the layouts to DIR/layouts

The demo's images (`.demo/images`), the sound archives of ARCHIVES (STATE.tsv says which) and the assembled images
(`DIR/truth`, see test/truth/), each where it is there. Needs skopeo.
"""

import gzip
import json
import os
import shutil
import subprocess
import sys

REF = "org.opencontainers.image.ref.name"


def main():
    work = os.path.abspath(sys.argv[1])
    archives = sys.argv[2] if len(sys.argv) > 2 else ""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    os.makedirs(os.path.join(work, "layouts"), exist_ok=True)
    demo = os.path.join(root, ".demo", "images")
    if os.path.exists(os.path.join(demo, "index.json")):
        for row in json.load(open(os.path.join(demo, "index.json")))["manifests"]:
            reference = row["annotations"][REF]
            name = "demo/" + reference.split("/")[-1].split(":")[0]
            show(work, name, "linux/amd64", f"oci-dir:{demo}:{reference}", f"oci:{demo}:{reference}")
    if archives:
        for line in open(os.path.join(archives, "STATE.tsv")):
            file, shape, platform, state = (line.rstrip("\n").split("\t") + ["", "", ""])[:4]
            if state != "sound" or shape.startswith("no image"):
                continue
            path = os.path.join(archives, file)
            platform = platform.split(" ")[0]
            kind = "docker-archive:" if "docker" in shape else "oci-archive:"
            show(work, file[: -len(".tar")].split("__", 1)[1], platform, path, kind + path)
    truth = os.path.join(work, "truth")
    for name in sorted(os.listdir(truth)) if os.path.isdir(truth) else []:
        layout = os.path.join(truth, name, "layout")
        if os.path.exists(os.path.join(layout, "index.json")):
            show(work, "truth/" + name, "linux/amd64", f"oci-dir:{layout}:it", f"oci:{layout}:it")


def show(work, name, platform, target, source):
    layout = os.path.join(work, "layouts", name.replace("/", "-"))
    if not os.path.exists(os.path.join(layout, "index.json")):
        kind, path = source.split(":", 1)
        if kind != "oci":
            source = f"{kind}:{plain(path, layout)}"
        architecture = platform.split("/")[1]
        subprocess.run(["skopeo", "copy", "-q", "--override-arch", architecture, source, f"oci:{layout}:it"], check=True)
    print(name, platform, target, layout, sep="\t")


def plain(path, layout):
    """The archive itself, or what gzip makes of it: skopeo reads no compressed archives."""
    if open(path, "rb").read(2) != b"\x1f\x8b":
        return path
    with gzip.open(path) as packed, open(layout + ".tar", "wb") as unpacked:
        shutil.copyfileobj(packed, unpacked)
    return layout + ".tar"


main()
