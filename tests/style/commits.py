"""The first line of a commit says where and what: `area: what changes`."""

import re
import subprocess
import sys

SUBJECT = re.compile(r"[a-z][a-z0-9_, -]*: \S.{0,120}$")
COUNT = 30


def main():
    done = subprocess.run(["git", "log", "--no-merges", f"-{COUNT}", "--format=%h %s"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print("skipped: this is no clone of the repository, so there are no commits to read", file=sys.stderr)
        return 77
    lines = done.stdout.splitlines()
    wrong = [f"{line}: begin with `area: what changes`" for line in lines if not SUBJECT.match(line.split(" ", 1)[1])]
    print(*wrong, f"{len(lines)} commits, {len(wrong)} mistakes", sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
