"""Fetches one source archive from the index that pip is configured for, without building anything.

usage: fetch-sdist.py NAME FILE SHA256 DESTINATION

The index is pip's own: PIP_INDEX_URL, `pip config get global.index-url`, else pip's default. The file's address is read
from the index (PEP 503 / PEP 691) and its digest is compared before it is kept.
"""

import hashlib
import html.parser
import os
import subprocess
import sys
import urllib.parse
import urllib.request


def index_url():
    if os.environ.get("PIP_INDEX_URL"):
        return os.environ["PIP_INDEX_URL"]
    configured = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True
    ).stdout.strip()
    if configured:
        return configured
    from pip._internal.models.index import PyPI

    return PyPI.simple_url


class Links(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.hrefs = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.hrefs.extend(value for key, value in attrs if key == "href" and value)


def main():
    name, file, sha256, destination = sys.argv[1:]
    page = index_url().rstrip("/") + "/" + name.lower() + "/"
    request = urllib.request.Request(page, headers={"Accept": "text/html"})
    parser = Links()
    with urllib.request.urlopen(request, timeout=60) as answer:
        parser.feed(answer.read().decode("utf-8"))
    for href in parser.hrefs:
        url = urllib.parse.urljoin(page, href)
        if urllib.parse.urlparse(url).path.rsplit("/", 1)[-1] == file:
            break
    else:
        sys.exit("the index has no " + file)
    with urllib.request.urlopen(url, timeout=120) as answer:
        content = answer.read()
    if hashlib.sha256(content).hexdigest() != sha256:
        sys.exit(file + " is not what the lock file says")
    with open(destination, "wb") as out:
        out.write(content)


main()
