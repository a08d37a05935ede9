"""Runs a command and prints what the kernel says of it: {"wall": s, "cpu": s, "peak": bytes, "code": n}.

usage: measure.py COMMAND [ARG …]   (standard output of the command is thrown away)

`cpu` counts all threads and all processes that ended below it; `peak` is the largest resident set of one process, or
what all processes of the command held together at one moment, whichever is more.
"""

import json
import os
import subprocess
import sys
import threading
import time

EVERY = 0.02
PAGE = os.sysconf("SC_PAGE_SIZE")


def resident(pid):
    """Resident bytes of a process and all below it; 0 of one that is gone."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            total = int(file.read().split()[1]) * PAGE
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children") as file:
                total += sum(resident(child) for child in file.read().split())
        return total
    except (OSError, ValueError, IndexError):
        return 0


def sample():
    global peak
    while not over.wait(EVERY):
        peak = max(peak, resident(run.pid))


peak = 0
over = threading.Event()
start = time.monotonic()
run = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
sampler = threading.Thread(target=sample)
sampler.start()
_, status, used = os.wait4(run.pid, 0)
wall = time.monotonic() - start
over.set()
sampler.join()
peak = max(peak, used.ru_maxrss * 1024)
code = os.waitstatus_to_exitcode(status)
print(json.dumps({"wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak": peak, "code": code}))
