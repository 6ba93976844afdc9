"""Runs the main job and jq in turn; see main_job.sh."""

import glob
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

SAMPLE = "tests/accounts/root-existing-cur2.json"
MOST = 0.6  # of jq's time
FORMATS = ("text", "json", "junit", "html")


def more_rules(folder, wanted):
    """Copies of the sample's rules under other ids, until its scenario has `wanted`; options that name them."""
    with open(SAMPLE, encoding="utf-8") as file:
        name = json.load(file)["target"]["scenario"]
    with open(f"rules/scenarios/{name}.json", encoding="utf-8") as file:
        scenario = json.load(file)
    rules = {}
    for path in glob.glob("rules/*.json"):
        with open(path, encoding="utf-8") as file:
            rules.update({rule["id"]: rule for rule in json.load(file)["rules"]})
    own = list(scenario["rules"])
    if len(own) >= wanted:
        return []
    copies = [dict(rules[own[i % len(own)]], id=f"{own[i % len(own)]}-{i // len(own) + 1}")
              for i in range(wanted - len(own))]
    scenario["rules"] = own + [rule["id"] for rule in copies]
    os.mkdir(f"{folder}/scenarios")
    for path, content in ((f"{folder}/copies.json", {"rules": copies}),
                          (f"{folder}/scenarios/{name}.json", scenario)):
        with open(path, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2)
    return ["--rules", folder]


def run(command):
    """One process: milliseconds on the clock, and of processor time."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    elapsed = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return elapsed * 1e3, (usage.ru_utime + usage.ru_stime) * 1e3


def peak(command):
    """The memory of a process at its peak, in MiB: of one that a small process starts, since a peak is inherited."""
    done = subprocess.run(["/usr/bin/time", "-f", "%M", *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, check=True)
    return int(done.stderr.split()[-1]) / 1024


def main(program, rounds, wanted):
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/rules")
        job = [program, "check", "--quiet", "--snapshot", SAMPLE, *more_rules(f"{folder}/rules", wanted)]
        for name in FORMATS:
            job += ["--output", f"{name}={folder}/report.{name}"]
        commands = {"main job": job, "jq": ["jq", ".calls | length", SAMPLE], "--version": [program, "--version"]}
        runs = {name: [] for name in commands}
        for _ in range(rounds):  # in turn, so that a busy moment meets all of them
            for name, command in commands.items():
                runs[name].append(run(command))
        memory = {name: peak(command) for name, command in commands.items()}
        with open(f"{folder}/report.json", encoding="utf-8") as file:
            count = len({result["rule"] for result in json.load(file)["results"]})
    medians = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in runs.items()}
    print(f"{rounds} runs each, in turn; {count} rules, reports: {', '.join(FORMATS)}; medians")
    for name, (wall, cpu) in medians.items():
        best = min(row[0] for row in runs[name])
        print(f"{name:<10} {wall:7.2f} ms (best {best:6.2f})   {cpu:7.2f} ms of processor   {memory[name]:6.1f} MiB")
    ratios = [medians["main job"][i] / medians["jq"][i] for i in (0, 1)]
    print(f"ratio      {ratios[0]:7.2f} on the clock, {ratios[1]:.2f} of processor time; at most {MOST}")
    return ratios[0] > MOST


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
