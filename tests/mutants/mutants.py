"""
Mutants of the sample accounts, made by chance: rewrites that mean the same may change no verdict, and each breakage has
to be found. `exportcheck rules test` judges them all in one process.

    mutants.py [SEED [COUNT]]
"""
import collections
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from accounts import Account  # noqa: E402
from breakages import BREAK  # noqa: E402
from rewrites import SAME  # noqa: E402

FILES = ["root-existing-cur2.json", "root-existing-nested.json", "root-existing-legacy.json",
         "root-existing-athena.json", "root-existing-kms.json"]
LINE = re.compile(r"^[^:]+:\d+: (?P<mutant>\d+ [a-z_]+): (?P<finding>.*)$")


def make(account, number, chance):
    """One case, and whether it breaks something."""
    if chance.random() < 0.5:
        rewrite = chance.choice(SAME)
        return {"name": f"{number} {rewrite.__name__}", "changes": rewrite(account, chance), "expect": {}}, False
    breakage = chance.choice(BREAK)
    changes, rules, also = breakage(account, chance)
    return {"name": f"{number} {breakage.__name__}", "changes": changes, "expect": {rule: "fail" for rule in rules},
            "also": also}, True


def generate(seed, count, folder):
    """Writes a file of cases for each account; returns the cases by name, and which of them break something."""
    chance = random.Random(seed)
    accounts = [Account(file) for file in FILES if (pathlib.Path(__file__).parents[1] / "accounts" / file).exists()]
    cases, breaks = {}, {}
    by_account = collections.defaultdict(list)
    for number in range(count):
        account = chance.choice(accounts)
        case, broken = make(account, number, chance)
        cases[case["name"]], breaks[case["name"]] = case, broken
        by_account[account.path].append(case)
    for path, made in by_account.items():
        (folder / path.name).write_text(json.dumps({"account": str(path), "cases": made}, indent=1), encoding="utf-8")
    return cases, breaks


def judge(folder):
    """What `rules test` finds, by mutant."""
    run = subprocess.run([os.environ.get("EXPORTCHECK", "build/dev/exportcheck"), "rules", "test",
                          *sorted(str(path) for path in folder.glob("*.json"))], capture_output=True, text=True, check=False)
    if run.returncode not in (0, 1):
        sys.exit(f"rules test ended with {run.returncode}: {run.stderr}")
    findings = collections.defaultdict(list)
    for line in run.stdout.splitlines():
        match = LINE.match(line)
        if match:
            findings[match["mutant"]].append(match["finding"])
    return findings


def main():
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        cases, breaks = generate(seed, count, folder)
        findings = judge(folder)
    missed = {mutant for mutant in findings if breaks[mutant] and any("expected fail" in f for f in findings[mutant])}
    wrong = {mutant for mutant in findings if any("changed too" in f for f in findings[mutant])}
    odd = set(findings) - missed - wrong
    found = sum(breaks.values()) - len(missed)
    precision, recall = found / (found + len(wrong)), found / sum(breaks.values())
    for mutant in sorted(findings, key=lambda name: int(name.split()[0])):
        print(f"{mutant}: {'; '.join(findings[mutant][:3])}\n  {json.dumps(cases[mutant])}")
    print(f"seed {seed}: {count} mutants, {sum(breaks.values())} of them broken; "
          f"precision {precision:.3f}, recall {recall:.3f}")
    return 1 if missed or wrong or odd else 0


if __name__ == "__main__":
    sys.exit(main())
