#!/usr/bin/env python3
"""A run over many targets: how memory and time grow with them, beside a shell loop of single runs.

    tests/bench/fleet.py [EXPORTCHECK [FEW MANY LOOP]]

FEW (1,000) and MANY (10,000) snapshots in one run each, with reports of JSON Lines and JUnit (text and HTML also hold the
names of the targets in which something fails, about 200 bytes each); and LOOP (100) runs of one snapshot each, by a shell. Fails where the largest process of MANY takes more than GROWTH times the memory of that
of FEW, or more than LIMIT_MEGABYTES; where a target of MANY takes more than EVEN times the processor's time of one of
FEW; or where MANY take more than LEAST times what as many single runs would take, divided by the processors.
"""

import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
GROWTH = 1.3
EVEN = 1.3
LEAST = 1.5
LIMIT_MEGABYTES = 300


def write_targets(folder, count):
    """`count` targets: the sample accounts again and again, in turn."""
    accounts = sorted((ROOT / "tests/accounts").glob("*.json"))
    path = folder / f"{count}.jsonl"
    with open(path, "w", encoding="utf-8") as file:
        for number in range(count):
            account = accounts[number % len(accounts)]
            file.write(json.dumps({"name": f"{account.stem} {number}", "snapshot": str(account)}) + "\n")
    return path, accounts


def watch_memory(child, peaks):
    """The largest resident memory of the process and of those that it starts, in MB, and of all of them at once."""
    while child.poll() is None:
        sizes = []
        for pid in [child.pid, *children_of(child.pid)]:
            try:
                pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
            except (OSError, IndexError):
                continue
            sizes.append(pages * resource.getpagesize() / 1e6)
        peaks[0] = max(peaks[0], *sizes, 0)
        peaks[1] = max(peaks[1], sum(sizes))
        time.sleep(0.02)


def children_of(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []


def measure(command):
    """Seconds of the processor and of the clock, the largest process and all processes in MB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    child = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peaks = [0, 0]
    watcher = threading.Thread(target=watch_memory, args=(child, peaks))
    watcher.start()
    watcher.join()
    child.wait()
    clock = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, clock, *peaks


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/release/exportcheck")
    few, many, loop = map(int, sys.argv[2:5]) if len(sys.argv) > 4 else (1000, 10000, 100)
    cores = len(os.sched_getaffinity(0))
    failures = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        figures = {}
        for count in (few, many):
            path, accounts = write_targets(folder, count)
            figures[count] = measure([program, "check", "--targets", path, "-o", f"jsonl={folder / 'out.jsonl'}", "-o",
                                      f"junit={folder / 'out.xml'}"])
        script = "".join(f"'{program}' check --snapshot '{accounts[i % len(accounts)]}' -o jsonl\n" for i in range(loop))
        alone = measure(["sh", "-c", script])
    for count, (processor, clock, largest, all_of_them) in figures.items():
        print(f"{count:6} targets: {processor:7.2f} s of the processor, {clock:7.2f} s, {processor / count * 1e3:5.2f} ms a "
              f"target; the largest process {largest:5.1f} MB, all {all_of_them:5.1f} MB")
    print(f"{loop:6} alone:   {alone[0]:7.2f} s of the processor, {alone[1]:7.2f} s, {alone[0] / loop * 1e3:5.2f} ms each")
    growth = figures[many][2] / figures[few][2]
    even = figures[many][0] / many / (figures[few][0] / few)
    spread = figures[many][1] / many / (alone[1] / loop / cores)
    parts = figures[many][0] / many / (alone[0] / loop)
    print(f"memory {growth:.2f} times, time of a target {even:.2f} times; {spread:.2f} times the single runs divided by "
          f"{cores} processors; {parts:.2f} times their processor's time")
    for what, figure, limit in (("memory", growth, GROWTH), ("MB", figures[many][2], LIMIT_MEGABYTES), ("time", even, EVEN),
                                ("beside single runs", spread, LEAST)):
        if figure > limit:
            failures.append(f"{what}: {figure:.2f}, more than {limit}")
    for failure in failures:
        print(f"FAIL {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
