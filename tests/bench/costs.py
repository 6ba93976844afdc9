"""Measures `exportcheck costs` against `igzip -dc` and DuckDB on made-up billing files: 120 columns, in gzip chunks.

    python3 tests/bench/costs.py [GIGABYTES [CHUNKS]]     5 and 8 where nothing is said; $EXPORTCHECK: a release build

The files are made in a temporary folder and removed; `--make FOLDER GIGABYTES CHUNKS` makes them to stay, and
`--compare FOLDER` (with DuckDB: `--compare-all`) measures on them. Wall-clock and processor time of each, and the peak
of memory. `igzip` takes one file after the other, so it is also run on two at a time.
"""

import os
import pathlib
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/release/exportcheck")
BLOCK_ROWS = 24000
NEEDED = ["identity_line_item_id", "bill_billing_period_start_date", "line_item_usage_account_id", "line_item_line_item_type",
          "line_item_usage_start_date", "line_item_usage_end_date", "line_item_product_code", "line_item_usage_type",
          "line_item_operation", "line_item_resource_id", "line_item_line_item_description", "line_item_currency_code",
          "line_item_blended_cost", "line_item_unblended_cost", "product", "resource_tags"]
HEADER = NEEDED + [f"pricing_column_{n}" for n in range(120 - len(NEEDED))]
ACCOUNTS = [f"{n:012}" for n in range(100000000001, 100000000061)]


def row(chance, number):
    day, hour = chance.randrange(1, 31), chance.randrange(23)
    tags = f'"{{""user_team"":""team-{chance.randrange(40)}"",""user_env"":""{chance.choice(["prod", "dev"])}""}}"'
    product = f'"{{""region"":""eu-west-{chance.randrange(3)}"",""product_name"":""Amazon Elastic Compute Cloud""}}"'
    needed = [f"{chance.getrandbits(200):050x}", "2026-10-01T00:00:00.000Z", chance.choice(ACCOUNTS), "Usage",
              f"2026-10-{day:02}T{hour:02}:00:00.000Z", f"2026-10-{day:02}T{hour + 1:02}:00:00.000Z", "AmazonEC2",
              f"EUW1-BoxUsage:m{chance.randrange(9)}i.large", "RunInstances", f"i-{chance.getrandbits(68):017x}",
              f'"$0.{number % 997} per On Demand, Linux, Instance Hour"', "USD", f"{chance.uniform(0, 3):.10f}",
              f"{chance.uniform(0, 3):.10f}", product, tags]
    rest = [chance.choice(["", "", "", f"{chance.random():.8f}", "On Demand", "Shared", "0.0000000000"])
            for _ in range(len(HEADER) - len(needed))]
    return ",".join(needed + rest)


def make(folder, gigabytes, chunks):
    """Each chunk is the same rows from another one on: no row has the number that it has elsewhere."""
    chance = random.Random(5)
    rows = [row(chance, number) for number in range(BLOCK_ROWS)]
    size = sum(map(len, rows)) + len(rows)
    rounds = max(1, round(gigabytes * 1e9 / chunks / size))
    for chunk in range(chunks):
        path = folder / f"cur/exp/data/BILLING_PERIOD=2026-10/exp-{chunk + 1:05}.csv.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        turned = rows[chunk * 997:] + rows[:chunk * 997]
        block = ("\n".join(turned) + "\n").encode()
        with path.open("wb") as file, subprocess.Popen(["igzip", "-1", "-c"], stdin=subprocess.PIPE, stdout=file) as pack:
            pack.stdin.write((",".join(HEADER) + "\n").encode())
            for _ in range(rounds):
                pack.stdin.write(block)
            pack.stdin.close()
    print(f"{size * rounds * chunks / 1e9:.2f} GB of CSV")


def measure(name, arguments, **options):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, **options)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{name:28} {wall:7.2f} s  {processor:7.2f} s of processors  {usage.ru_maxrss / 1024:7.1f} MB"
          f"{'' if process.returncode == 0 else f'  STATUS {process.returncode}'}", flush=True)
    return wall


def compare(folder, with_duckdb):
    files = list(map(str, sorted(folder.rglob("*.csv.gz"))))
    accounts = folder / "accounts.txt"
    accounts.write_text("\n".join(ACCOUNTS[:40]) + "\n")
    packed = sum(os.path.getsize(path) for path in files)
    print(f"{len(files)} gzip files of {packed / 1e6:.0f} MB together; load {os.getloadavg()[0]:.1f}")
    one = measure("igzip -dc", ["igzip", "-dc", *files])
    floor = measure("igzip -dc, two at a time", ["xargs", "-P", "2", "-n", "1", "igzip", "-dc"],
                    stdin=subprocess.Popen(["echo", *files], stdout=subprocess.PIPE).stdout)
    command = [EXPORTCHECK, "costs", "--files", str(folder), "--connected-accounts", str(accounts)]
    ours = measure("exportcheck costs", command)
    print(f"costs / igzip: {ours / one:.2f}; two at a time: {ours / floor:.2f}")
    if with_duckdb and shutil.which("duckdb"):
        sql = subprocess.run([*command, "--print-sql", "duckdb"], capture_output=True, check=True, text=True).stdout
        theirs = measure("duckdb, the same statement", ["duckdb", "-c", f"SET threads = 2; {sql}"])
        print(f"duckdb / costs: {theirs / ours:.2f}")


def main():
    gigabytes = float(sys.argv[1]) if len(sys.argv) > 1 else 5
    chunks = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    folder = pathlib.Path(tempfile.mkdtemp(prefix="exportcheck-costs-"))
    try:
        # in a process of its own: a child's peak of memory counts from its parent's
        subprocess.run([sys.executable, __file__, "--make", folder, str(gigabytes), str(chunks)], check=True)
        compare(folder, True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        make(pathlib.Path(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1:2] in (["--compare"], ["--compare-all"]):
        compare(pathlib.Path(sys.argv[2]), sys.argv[1] == "--compare-all")
    else:
        main()
