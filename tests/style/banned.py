"""Calls that the sources may not make, or not there; and each file says first what it is for."""

import pathlib
import re
import sys

# The call, where it may stand all the same, and what to use.
BANNED = [
    (r"strcpy|strcat|stpcpy|strncpy|strncat|sprintf|vsprintf|gets|strtok|strtok_r", (), "struct str, buf_addf()"),
    (r"atoi|atol|atoll|atof|strtol|strtoul|strtod|sscanf|scanf|fscanf",
     ("engine/base/", "engine/policy/language/condition_value.c"), "str_to_int64(), str_to_double()"),
    (r"malloc|calloc|realloc|strdup|strndup|free|alloca",
     ("engine/base/", "engine/aws/http/curl.c", "engine/aws/shape/xml_read.c", "engine/aws/credentials/program.c",
      "cli/policy/simulate.c"), "the arena (getline() alone gives memory of its own)"),
    (r"system|popen|execl|execlp|execv|execvp|execve|fork|vfork", ("engine/aws/credentials/program.c", "cli/fleet/pool.c"),
     "aws/credentials/program.h"),
    (r"getenv|secure_getenv|setenv|putenv", (), "program_getenv()"),
    (r"time|gettimeofday|clock_gettime", ("engine/base/clock.c",), "base/clock.h"),
    (r"gmtime|localtime|gmtime_r|localtime_r|mktime|timegm|ctime|asctime|strftime", (), "base/clock.h"),
    (r"setlocale|rand|srand|random|tmpnam|mktemp", (), "nothing: it is global or unsafe"),
    (r"printf|puts|putchar|perror", (), "a sink, or the program's streams"),
    (r"exit|_exit|abort", ("engine/base/arena.c", "engine/aws/credentials/program.c", "cli/process.c", "cli/fleet/pool.c"), "an error"),
]
LIBRARY = ("engine/", "checks/", "reports/")
NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', re.DOTALL)


def code_of(text):
    """The text with comments and literals blanked, line for line."""
    return NOT_CODE.sub(lambda found: "\n" * found.group().count("\n") or '""', text)


def mistakes(path, text):
    name = path.as_posix()
    if not re.match(r"/\*", text):
        yield f"{name}:1: open with a comment that says what the file is for"
    code = code_of(text)
    for words, allowed, instead in BANNED:
        if name.startswith(allowed) if allowed else False:
            continue
        for found in re.finditer(rf"(?<![\w.>])({words})\s*\(", code):
            line = code.count("\n", 0, found.start()) + 1
            yield f"{name}:{line}: {found.group(1)}(): use {instead}"
    if name.startswith(LIBRARY) and not name.startswith(("engine/base/log", "engine/base/arena")):
        for found in re.finditer(r"\b(stdout|stderr|stdin)\b", code):
            line = code.count("\n", 0, found.start()) + 1
            yield f"{name}:{line}: {found.group(1)}: library code is given its streams"


def main():
    files = [path for folder in ("engine", "checks", "reports", "cli") for path in sorted(pathlib.Path(folder).rglob("*.[ch]"))]
    assert files, "no sources: run from the repository's root"
    wrong = [mistake for path in files for mistake in mistakes(path, path.read_text(encoding="utf-8"))]
    print(*wrong, f"{len(files)} files, {len(wrong)} mistakes", sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
