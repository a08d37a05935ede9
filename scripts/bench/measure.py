"""Runs a command and prints what the kernel says of it: {"wall": s, "cpu": s, "peak": bytes, "code": n}.

usage: measure.py COMMAND [ARG …]   (standard output of the command is thrown away)
"""

import json
import os
import resource
import subprocess
import sys
import time

start = time.monotonic()
run = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
wall = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss * 1024, "code": run.returncode}))
