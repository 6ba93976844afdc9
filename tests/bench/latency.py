"""How near a live check comes to the floor that latency gives: the longest chain of calls times the latency.

    python3 tests/bench/latency.py [MILLISECONDS] [ACCOUNT] [cli]

The account is served with that latency before each answer, on one address and on one for each service. The longest chain
of requests is the ledger's; time runs from the first request to the last answer, the median of some runs. Loopback has no
handshake to speak of. Asked for: at most 1.1 times the floor; the exit status is 1 where it is more. With `cli`, where the
AWS CLI is installed, what it takes for the same calls one after the other stands beside it.
"""

import contextlib
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/release/exportcheck")
LATENCY = int(sys.argv[1]) if len(sys.argv) > 1 else 50
ACCOUNT = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else "tests/accounts/root-existing-cur2.json")
SERVICES = ["STS", "IAM", "S3", "S3_CONTROL", "KMS", "ORGANIZATIONS", "COST_AND_USAGE_REPORT_SERVICE", "BCM_DATA_EXPORTS",
            "EC2", "ELASTIC_LOAD_BALANCING", "ELASTIC_LOAD_BALANCING_V2", "CLOUDWATCH"]
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "any", "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": "/nonexistent", "PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": "us-east-1",
        "OPTSCALE_TOKEN": "any"}
RUNS = 9
MOST = 1.1


@contextlib.contextmanager
def served(count):
    servers = [subprocess.Popen([EXPORTCHECK, "serve", str(ACCOUNT), "--latency", str(LATENCY)], stdout=subprocess.PIPE,
                                text=True) for _ in range(count)]
    urls = [server.stdout.readline().strip() for server in servers]
    assert all(urls), "the account is not served" # and AWS itself would be asked
    yield urls
    for server in servers:
        server.kill()
        server.wait()


def chain(rows):
    by_id = {row["id"]: row for row in rows}

    def depth(row):
        return row["requests"] + (depth(by_id[row["after"]]) if row["after"] else 0) # pages follow each other, too
    return max(depth(row) for row in rows)


def check(environment, url, folder):
    """Milliseconds from the first request to the last answer, median and best of some runs, and the longest chain."""
    target, ledger = folder / "target.json", folder / "ledger.jsonl"
    told = json.loads(ACCOUNT.read_text(encoding="utf-8"))["target"]
    target.write_text(json.dumps({**told, **({"optscale_url": url} if "optscale_url" in told else {})}), encoding="utf-8")
    took = []
    for _ in range(RUNS):
        subprocess.run([EXPORTCHECK, "check", "--target", str(target), "--ledger", str(ledger), "-o", "json"],
                       env={**KEYS, **environment}, capture_output=True, timeout=120)
        rows = [json.loads(line) for line in ledger.read_text(encoding="utf-8").splitlines()]
        took.append(max(row["ended_ms"] for row in rows) - min(row["sent_ms"] for row in rows))
    return statistics.median(took), min(took), chain(rows)


def cli(url):
    """The AWS CLI, a process a call, as a script would have it."""
    calls = [call for call in json.loads(ACCOUNT.read_text(encoding="utf-8"))["calls"] if call["service"] != "optscale"]
    started = time.monotonic()
    for call in calls:
        service = {"s3": "s3api"}.get(call["service"], call["service"])
        name = "".join("-" + c.lower() if c.isupper() else c for c in call["operation"]).lstrip("-")
        arguments = ["aws", service, name, "--endpoint-url", url, "--cli-input-json", json.dumps(call["parameters"])]
        subprocess.run(arguments + (["/dev/null"] if call["operation"] == "GetObject" else []), env=KEYS,
                       capture_output=True)
    return (time.monotonic() - started) * 1000, len(calls)


def main():
    ratios = []
    with tempfile.TemporaryDirectory() as name:
        for label, count in (("one address", 1), ("an address a service", len(SERVICES))):
            with served(count) as urls:
                environment = {"AWS_ENDPOINT_URL": urls[0]} if count == 1 else \
                    {f"AWS_ENDPOINT_URL_{service}": url for service, url in zip(SERVICES, urls)}
                took, best, calls = check(environment, urls[0], pathlib.Path(name))
                ratios.append(took / (calls * LATENCY))
                print(f"{label}: {took:.0f} ms (median of {RUNS}; the best {best}); the longest chain has {calls} requests: "
                      f"{ratios[-1]:.2f} of {calls} x {LATENCY} ms")
                if count == 1 and "cli" in sys.argv[3:] and shutil.which("aws"):
                    print("the AWS CLI, the same %d calls: %.0f ms" % cli(urls[0])[::-1])
    sys.exit(max(ratios) > MOST)


if __name__ == "__main__":
    main()
