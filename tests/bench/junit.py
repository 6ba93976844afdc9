#!/usr/bin/env python3
"""Results to JUnit XML, beside npm's junit-report-builder, on the same results in one run.

    tests/bench/junit.py [EXPORTCHECK [RESULTS]]

RESULTS (100,000) are those of the sample accounts, again and again under other names. The two take turns; told is the
least of the processor's time (user and system) and of the clock that each took in ROUNDS, and the ratio, which fails
below LEAST. npm installs the library to a temporary folder.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROUNDS = 5
LEAST = 6.0


def sample_results(program):
    """The lines of results of each sample account, as objects, and the head of one."""
    for path in sorted((ROOT / "tests/accounts").glob("*.json")):
        done = subprocess.run([program, "check", "--snapshot", path, "-o", "jsonl"], capture_output=True, text=True, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        if lines:
            yield lines[0], lines[1:-1]


def write_results(program, count, file):
    """A results file of `count` results, a target for each time that an account's are repeated."""
    samples = list(sample_results(program))
    head = {key: samples[0][0][key] for key in ("format", "tool", "target", "account", "started", "finished", "fail_on")}
    summary = dict.fromkeys(("pass", "fail", "unknown", "pending", "skip", "waived"), 0)
    file.write(json.dumps(head, separators=(",", ":"), ensure_ascii=False) + "\n")
    written = turn = 0
    while written < count:
        _, results = samples[turn % len(samples)]
        for result in results[:count - written]:
            own = {**result, "id": f"{written:016x}", "account": f"{100000000000 + turn}", "target": f"target-{turn:06}"}
            summary[own["status"]] += 1
            file.write(json.dumps(own, separators=(",", ":"), ensure_ascii=False) + "\n")
        written += len(results[:count - written])
        turn += 1
    file.write(json.dumps({"summary": summary}) + "\n")


def measure(command):
    """Seconds of the processor and of the clock, and the peak of memory in MB."""
    start = time.monotonic()
    child = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"junit.py: {command[0]} failed")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1000


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/release/exportcheck")
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100000
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run(["npm", "install", "--silent", "--prefix", folder, "junit-report-builder@5"], check=True)
        results = folder / "results.jsonl"
        with open(folder / "raw.jsonl", "w", encoding="utf-8") as file:
            write_results(program, count, file)
        # As the program writes a results file: with all counts in its first line, so that nobody has to count first.
        subprocess.run([program, "report", "render", folder / "raw.jsonl", "-o", f"jsonl={results}", "--quiet"], check=True)
        runs = {"exportcheck": [program, "report", "render", results, "-o", f"junit={folder / 'ours.xml'}"],
                "junit-report-builder": ["node", ROOT / "tests/bench/junit.mjs", results, folder / "theirs.xml", folder]}
        best = {}
        for _ in range(ROUNDS):
            for who, command in runs.items():
                best[who] = [min(pair) for pair in zip(measure(command), best.get(who, [1e9] * 3))]
        print(f"{count} results, {results.stat().st_size / 1e6:.0f} MB; XML of {(folder / 'ours.xml').stat().st_size / 1e6:.0f} "
              f"and {(folder / 'theirs.xml').stat().st_size / 1e6:.0f} MB")
        for who, (processor, clock, memory) in best.items():
            print(f"{who:22} {processor:6.2f} s of the processor, {clock:6.2f} s, {memory:5.0f} MB")
        ratios = [theirs / ours for ours, theirs in zip(best["exportcheck"], best["junit-report-builder"])]
        print(f"{'ratio':22} {ratios[0]:6.1f}                   {ratios[1]:6.1f}")
    return 0 if max(ratios[:2]) >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
