"""Each command's help: on standard output, 80 columns at most, the same for -h; unknown options: standard error, 2."""

import os
import re
import subprocess
import sys

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")


def run(*arguments):
    return subprocess.run([EXPORTCHECK, *arguments], capture_output=True, text=True, timeout=60, check=False,
                          env={**os.environ, "AWS_EC2_METADATA_DISABLED": "true", "HOME": "/nonexistent"})


def mistakes_of(command):
    words = [command] if command else []
    long, short, typo = run(*words, "--help"), run(*words, "-h"), run(*words, "--no-such-option")
    if (long.returncode, long.stderr) != (0, "") or not long.stdout:
        yield "--help does not go to standard output with status 0"
    if long.stdout != short.stdout:
        yield "-h and --help differ"
    for line in long.stdout.splitlines():
        if len(line) > 80 or line != line.rstrip():
            yield f"wider than 80 columns, or blanks at its end: {line}"
    options = set(re.findall(r"--[a-z][a-z-]*", long.stdout.partition("Examples:")[0]))
    for line in re.split(r"(?<!\\)\n", long.stdout.partition("Examples:\n")[2]):
        named = re.findall(rf"exportcheck {command}\b.*", line, re.DOTALL) if command else []
        for option in re.findall(r"--[a-z][a-z-]*", " ".join(named)):
            if option not in options:
                yield f"an example uses {option}, which is no option of it"
    version = run(*words, "--version")
    if (version.returncode, version.stdout[:12]) != (0, "exportcheck ") or run(*words, "-V").stdout != version.stdout:
        yield "--version and -V do not print the version"
    if command and run("help", command).stdout != long.stdout:
        yield "`help COMMAND` and --help differ"
    if typo.returncode != 2 or typo.stdout or "no-such-option" not in typo.stderr:
        yield "an unknown option is not answered on standard error with status 2"


def main():
    overview = run("--help").stdout
    commands = re.findall(r"^  ([a-z]+)  ", overview, re.MULTILINE)
    wrong = [] if len(commands) >= 10 else [f"the overview lists {commands}"]
    for command in ["", *commands]:
        wrong += [f"exportcheck {command}: {mistake}" for mistake in mistakes_of(command)]
    if run().returncode != 2 or run().stdout:
        wrong.append("without a command the first steps do not go to standard error with status 2")
    print(*wrong, f"{len(commands)} commands, {len(wrong)} mistakes", sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
