#!/usr/bin/env python3
"""How long and how large a check of a very large organization is.

    tests/bench/scale.py [EXPORTCHECK [ACCOUNTS UNCONNECTED KEYS]]

An organization of 10,000 accounts, 3,000 of them not connected, and a bucket listing of 200,000 keys:
checked with each report, and with all of them at once. Fails where a run takes more of the processor than
LIMIT_SECONDS, more than LIMIT_MEBIBYTES, or where the text report drowns the other rules in names.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAYER = "123456789012"
LIMIT_SECONDS = 5.0
LIMIT_MEBIBYTES = 500
MOST_LINES = 3000 + 400  # of the text report: a line for each of the 3,000, and as good as today's for the rest
FORMATS = ["text", "json", "jsonl", "junit", "html", "sarif", "markdown", "csv", "ocsf"]


def make(accounts, unconnected, keys):
    """The sample account, grown: members in every state of connection, three years of months in many chunks."""
    snapshot = json.loads((ROOT / "tests/accounts/root-existing-cur2.json").read_text(encoding="utf-8"))
    answers = {call["operation"]: call["answer"] for call in snapshot["calls"] if "answer" in call}
    listed = answers["ListAccounts"]["Accounts"]
    organization = listed[0]["Arn"].rsplit("/", 1)[0]
    del listed[1:]
    for number in range(accounts - 1):
        identifier = f"{(number + 1) * 7654321097 % 10**12:012d}"
        listed.append({"Id": identifier, "Arn": f"{organization}/{identifier}", "Email": f"aws+{number}@acme.example",
                       "Name": f"acme-team-{number:05d}", "Status": "ACTIVE", "State": "ACTIVE",
                       "JoinedMethod": "CREATED", "JoinedTimestamp": 1690000000 + number})
    snapshot["target"]["connected_accounts"] = [{"account_id": item["Id"], "name": item["Name"]}
                                                for item in listed[1 + unconnected:]]
    contents = answers["ListObjectsV2"]["Contents"]
    months = [f"{2023 + month // 12}-{month % 12 + 1:02d}" for month in range(10, 46)]
    for number in range(keys - len(contents)):
        month = months[number * len(months) // keys]
        contents.append({"Key": f"cur2/optscale/data/BILLING_PERIOD={month}/optscale-{number + 2:05d}.csv.gz",
                         "LastModified": f"{month}-28T05:10:02.000Z", "ETag": f"\"{number:032x}\"", "Size": 41200331,
                         "StorageClass": "STANDARD"})
    contents.sort(key=lambda item: item["Key"])
    return snapshot


def measure(program, snapshot, outputs):
    """Seconds on the clock and of the processor, peak memory in MiB, and the exit status."""
    command = [program, "check", "--snapshot", str(snapshot)]
    for output in outputs:
        command += ["-o", output]
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - start
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/release/exportcheck")
    accounts, unconnected, keys = map(int, sys.argv[2:5]) if len(sys.argv) > 4 else (10000, 3000, 200000)
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        snapshot = folder / "large.json"
        snapshot.write_text(json.dumps(make(accounts, unconnected, keys)), encoding="utf-8")
        print(f"{accounts} accounts, {unconnected} not connected, {keys} keys: "
              f"a snapshot of {snapshot.stat().st_size / 2**20:.0f} MiB")
        runs = {name: [f"{name}={folder / name}"] for name in FORMATS}
        runs["all at once"] = [output for outputs in runs.values() for output in outputs]
        for name, outputs in runs.items():
            clock, seconds, mebibytes, status = measure(program, snapshot, outputs)
            size = sum(os.path.getsize(output.split("=", 1)[1]) for output in outputs)
            print(f"{name:12} {clock:6.2f} s ({seconds:.2f} s of the processor) {mebibytes:6.0f} MiB, "
                  f"a report of {size / 2**20:.1f} MiB")
            if status != 1:
                failures.append(f"{name}: exit status {status}, not 1")
            if seconds > LIMIT_SECONDS:
                failures.append(f"{name}: more than {LIMIT_SECONDS} s")
            if mebibytes > LIMIT_MEBIBYTES:
                failures.append(f"{name}: more than {LIMIT_MEBIBYTES} MiB")
        text = (folder / "text").read_text(encoding="utf-8")
        missing = [item["Id"] for item in make(accounts, unconnected, keys)["calls"]
                   if item["operation"] == "ListAccounts" for item in item["answer"]["Accounts"][1:1 + unconnected]
                   if item["Id"] not in text]
        lines = text.count("\n")
        print(f"the text report has {lines} lines, and leaves {len(missing)} of the {unconnected} unnamed")
        if missing:
            failures.append(f"text: {len(missing)} accounts are not named, {missing[0]} for one")
        if lines > MOST_LINES:
            failures.append(f"text: {lines} lines")
    for failure in failures:
        print(f"FAIL {failure}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
