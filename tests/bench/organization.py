"""How near a check of a whole organization comes to the floor that latency and --jobs give.

    python3 tests/bench/organization.py [MEMBERS] [MILLISECONDS] [JOBS]

`serve` plays a payer and MEMBERS members with that latency, reached by assumed roles; one member's role refuses, and one
hangs: whatever is asked with its key is never answered. Its run lasts for --timeout, and must delay nobody.

The floor: targets / jobs, times the requests that a target makes one after the other (AssumeRole, and its longest chain of
calls by the ledger of a run alone), times the latency; and the payer's own chain before that. Asked for: what is not the one
that hangs is done within 3 times that, and each verdict is that of a run of the account alone. The exit status is 1 where
something asked for is missed.
"""

import asyncio
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/release/exportcheck")
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 120
LATENCY = int(sys.argv[2]) if len(sys.argv) > 2 else 20
JOBS = int(sys.argv[3]) if len(sys.argv) > 3 else 8
TIMEOUT = 30 # of each target: what the one that hangs takes
MOST = 3
ACCOUNTS = pathlib.Path("tests/accounts")
PAYER, MEMBER = "123456789012", "210987654321"
MEMBERS = [f"{300000000000 + number}" for number in range(COUNT)]
HANGS, REFUSES = MEMBERS[COUNT // 3], MEMBERS[COUNT // 2]
ROLE = "arn:aws:iam::{}:role/OrganizationAccountAccessRole"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAPAYER", "AWS_SECRET_ACCESS_KEY": "any", "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_REGION": "us-east-1", "HOME": "/nonexistent", "PATH": os.environ["PATH"]}


def write_accounts(folder):
    """The organization's snapshots; that of the account which refuses is not there, and so `serve` gives no role of it."""
    payer = json.loads((ACCOUNTS / "root-existing-cur2.json").read_text(encoding="utf-8"))
    member = (ACCOUNTS / "linked.json").read_text(encoding="utf-8")
    for call in payer["calls"]:
        if call["operation"] == "ListAccounts":
            own, = (account for account in call["answer"]["Accounts"] if account["Id"] == PAYER)
            call["answer"]["Accounts"] = [own] + [{**own, "Id": account, "Name": f"member-{account}",
                                                   "Arn": own["Arn"].replace(PAYER, account)} for account in MEMBERS]
    (folder / "payer.json").write_text(json.dumps(payer), encoding="utf-8")
    (folder / "target.json").write_text(json.dumps(payer["target"]), encoding="utf-8")
    for account in MEMBERS:
        (folder / f"{account}.json").write_text(member.replace(MEMBER, account), encoding="utf-8")
    return [option for account in MEMBERS if account != REFUSES for option in ("--access-key", folder / f"{account}.json")]


class Way:
    """To the server, byte for byte, but for what is signed by the key of the account that hangs: that gets no answer."""

    def __init__(self, url):
        self.host, self.port = url.partition("://")[2].split(":")
        self.answered = 0.0 # when the last answer went by
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(asyncio.start_server(self.connect, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    async def connect(self, reader, writer):
        their_reader, their_writer = await asyncio.open_connection(self.host, self.port)
        await asyncio.gather(self.carry(reader, their_writer, f"ASIA{HANGS}ROLE".encode()),
                             self.carry(their_reader, writer, None), return_exceptions=True)

    async def carry(self, reader, writer, unanswered):
        while data := await reader.read(1 << 16):
            if unanswered and unanswered in data:
                await asyncio.sleep(3600)
            if not unanswered:
                self.answered = time.monotonic()
            writer.write(data)
        writer.close()


def check(url, *options):
    done = subprocess.run([EXPORTCHECK, "check", "--principal", "optscale", "--timeout", str(TIMEOUT), "-o", "jsonl", *options],
                          env={**KEYS, "AWS_ENDPOINT_URL": url}, capture_output=True, text=True, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def verdicts(results):
    return {(result["rule"], json.dumps(result["subject"])): result["status"] for result in results}


def alone(url, account, *options):
    options = ["--scenario", "linked", "--account-id", account, "--assume-role", ROLE.format(account), *options]
    return verdicts(result for result in check(url, *options) if "rule" in result)


def chain(path):
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    by_id = {row["id"]: row for row in rows if "id" in row}

    def depth(row):
        return row["requests"] + (depth(by_id[row["after"]]) if row["after"] else 0) # pages follow each other, too
    return max(depth(row) for row in by_id.values()) + sum("authentication" in row for row in rows)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        server = subprocess.Popen([EXPORTCHECK, "serve", folder / "payer.json", "--latency", str(LATENCY),
                                   *write_accounts(folder)], stdout=subprocess.PIPE, text=True)
        way = Way(server.stdout.readline().strip())
        alone(way.url, MEMBERS[0], "--ledger", str(folder / "ledger"))
        of_member, ledger = chain(folder / "ledger"), folder / "payer"
        check(way.url, "--target", str(folder / "target.json"), "--ledger", str(ledger))
        of_payer = chain(ledger)
        started = time.monotonic()
        rows = check(way.url, "--organization", "--target", str(folder / "target.json"), "--jobs", str(JOBS))
        whole, others = time.monotonic() - started, way.answered - started
        found = {}
        for row in rows:
            if "rule" in row:
                found.setdefault(row["target"].split()[-1], []).append(row)
        same = [account for account in MEMBERS if account not in (HANGS, REFUSES)]
        wrong = [account for account in same if verdicts(found[account]) != alone(way.url, account)]
        server.kill()
        server.wait()
    floor = (of_payer + -(-COUNT // JOBS) * of_member) * LATENCY / 1000
    hung = {row["status"] for row in found[HANGS]}
    print(f"{COUNT} members, {LATENCY} ms, {JOBS} jobs: all but one were done after {others:.2f} s, {others / floor:.2f} of the floor "
          f"of {floor:.2f} s ({of_member} requests one after the other a member); the run ended after {whole:.2f} s")
    print(f"{len(same)} members: {len(wrong)} differ from a run alone; the one that hangs: {sorted(hung)}; the one that refuses: "
          f"{[(row['rule'], row['status']) for row in found[REFUSES]]}")
    sys.exit(others > MOST * floor or bool(wrong) or "fail" in hung or len(found) != COUNT + 1)


if __name__ == "__main__":
    main()
