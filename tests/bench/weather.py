"""What bad weather does to verdicts: each account that `serve` plays is checked live, at real speed, while three answers of
ten are throttled, one of ten is a failure, and one of twenty breaks off.

    EXPORTCHECK=build/asan/exportcheck python3 tests/bench/weather.py [SEEDS] [AT ONCE]

Each seed is another run, of the next account. Asked for: every verdict is that of the quiet run, or unknown; nine runs of ten
are decided whole within --timeout 120; none lasts longer than that; none leaks (with a program built with sanitizers). What
such a run does is wait, so that many can go at once. The exit status is 1 where something asked for is missed.
"""

import collections
import concurrent.futures
import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/asan/exportcheck")
SERVE = os.environ.get("EXPORTCHECK_SERVE", EXPORTCHECK)
SEEDS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
AT_ONCE = int(sys.argv[2]) if len(sys.argv) > 2 else 16
TIMEOUT = 120
GRACE = 3 # for what is no waiting: to start, to judge and to write on a machine that does much else
WEATHER = ["--throttle", "0.3", "--fail", "InternalError:0.1", "--drop", "0.05"]
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "any", "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": "/nonexistent", "PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": "us-east-1", "OPTSCALE_TOKEN": "any",
        "ASAN_OPTIONS": "exitcode=99:detect_leaks=1"}
ACCOUNTS = sorted(pathlib.Path("tests/accounts").glob("*.json"))

Run = collections.namedtuple("Run", "account seed seconds status verdicts errors")


@contextlib.contextmanager
def served(account, *weather):
    server = subprocess.Popen([SERVE, "serve", str(account), *weather], stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        assert url, f"{account} is not served" # and AWS itself would be asked
        yield url
    finally:
        server.kill()
        server.wait()


def check(account, seed=None):
    target = json.loads(account.read_text(encoding="utf-8"))["target"]
    weather = [] if seed is None else [*WEATHER, "--seed", str(seed)]
    with tempfile.TemporaryDirectory() as folder, served(account, *weather) as url:
        path = pathlib.Path(folder) / "target.json"
        path.write_text(json.dumps({**target, **({"optscale_url": url} if "optscale_url" in target else {})}), encoding="utf-8")
        started = time.monotonic()
        done = subprocess.run([EXPORTCHECK, "check", "--target", str(path), "--timeout", str(TIMEOUT), "-o", "jsonl"],
                              env={**KEYS, "AWS_ENDPOINT_URL": url}, capture_output=True, text=True, check=False, timeout=600)
        results = [json.loads(line) for line in done.stdout.splitlines()]
        verdicts = {(r["rule"], json.dumps(r.get("subject"))): r["status"] for r in results if "rule" in r}
        return Run(account.stem, seed, time.monotonic() - started, done.returncode, verdicts, done.stderr)


def wrong(run, quiet):
    """Verdicts that are neither those of the quiet run nor unknown."""
    return [(key, quiet.get(key), status) for key, status in run.verdicts.items()
            if status != "unknown" and status != quiet.get(key)]


def main():
    quiet = {account.stem: check(account).verdicts for account in ACCOUNTS}
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        runs = list(pool.map(lambda seed: check(ACCOUNTS[seed % len(ACCOUNTS)], seed), range(SEEDS)))
    mistakes = {run.seed: wrong(run, quiet[run.account]) for run in runs}
    bad = [run for run in runs if mistakes[run.seed]]
    whole = [run for run in runs if run.verdicts == quiet[run.account]]
    late = [run for run in runs if run.seconds > TIMEOUT + GRACE]
    broken = [run for run in runs if run.status not in (0, 1, 3)]
    times = sorted(run.seconds for run in runs)
    print(f"{len(runs)} runs of {len(ACCOUNTS)} accounts, {sum(len(run.verdicts) for run in runs)} verdicts: "
          f"{sum(map(len, mistakes.values()))} wrong; {len(whole)} runs decided whole; {len(late)} longer than {TIMEOUT} s; "
          f"{len(broken)} broken (a leak among them)")
    print(f"seconds: median {statistics.median(times):.1f}, nine of ten under {times[len(times) * 9 // 10]:.1f}, "
          f"longest {times[-1]:.1f}")
    for run in [*bad, *late, *broken]:
        print(f"{run.account}, seed {run.seed}: {run.seconds:.1f} s, status {run.status}; {mistakes[run.seed][:3]}; "
              f"{run.errors[-300:]}")
    for run in runs:
        if run not in whole:
            print(f"{run.account}, seed {run.seed}: {sum(v == 'unknown' for v in run.verdicts.values())} unknown, "
                  f"{run.seconds:.1f} s")
    sys.exit(1 if bad or late or broken or len(whole) < 0.9 * len(runs) else 0)


if __name__ == "__main__":
    main()
