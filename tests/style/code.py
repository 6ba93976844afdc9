"""The small rules of CONTRIBUTING.md: the order of includes, no typedefs, errors last, limits beside recursion, and tests in their
places with sentences for names."""

import pathlib
import re
import sys

SOURCES = ("engine", "checks", "reports", "cli")
INCLUDE = re.compile(r'^#\s*include\s+(["<])([^">]+)[">]', re.MULTILINE)
NOT_CODE = re.compile(r'/\*.*?\*/|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', re.DOTALL)
DEFINITION = re.compile(r"^(?:static )?[\w *]+?\b(\w+)\(([^;{}]*?)\)\n\{\n(.*?)^\}", re.MULTILINE | re.DOTALL)
PROTOTYPE = re.compile(r"^[\w *]+?\b(\w+)\(([^;{}]*?)\)[^;{}]*;", re.MULTILINE)


def files(*folders, pattern="*.[ch]"):
    return [path for folder in folders for path in sorted(pathlib.Path(folder).rglob(pattern))]


def spelled(path):
    return re.sub(r"^engine/", "", path.as_posix())


def blank(text):
    return NOT_CODE.sub(lambda found: "\n" * found.group().count("\n"), text)


def wrong_includes(path, text):
    """The file's own header first, then ours, then libraries and the system's."""
    found = INCLUDE.findall(text)
    own = spelled(path.with_suffix(".h"))
    kinds = [0 if name == own else 1 if mark == '"' else 2 for mark, name in found if not name.endswith((".def", ".inc"))]
    if path.suffix == ".c" and kinds != sorted(kinds):
        yield f"{path}: includes stand in another order than: its own header, ours, <others>"


def wrong_types(path, text):
    for found in re.finditer(r"^\s*typedef\b[^;{]*[;{]", blank(text), re.MULTILINE):
        if "(" not in found.group():
            yield f"{path}: {found.group().strip()}: no typedefs, but for functions"


def wrong_errors(path, text):
    for name, parameters in PROTOTYPE.findall(blank(text)):
        last = parameters.rsplit(",", 1)[-1]
        if "struct error *" in parameters and not name.startswith("error_") and "struct error *" not in last and \
                "..." not in last:
            yield f"{path}: {name}(): struct error *error is the last parameter"


def wrong_recursion(path, text):
    """What calls itself says what ends it, in the comment above."""
    lines = text.split("\n")
    for found in DEFINITION.finditer(text):
        name, body = found.group(1), blank(found.group(3))
        line = text.count("\n", 0, found.start())
        if re.search(rf"(?<![\w.>]){name}\(", body) and "misc-no-recursion): " not in "\n".join(lines[max(0, line - 3):line]):
            yield f"{path}:{line + 1}: {name}() calls itself: NOLINTNEXTLINE(misc-no-recursion): and what ends it"


def wrong_nolint(path, text):
    for found in re.finditer(r"NOLINT[A-Z]*\([\w.,-]+\)(?!:)", text):
        yield f"{path}: {found.group()}: say why behind a colon"


def wrong_tests():
    for path in files("tests/unit", pattern="*_test.c"):
        place = path.parent.relative_to("tests/unit")
        stem = path.name[:-len("_test.c")]
        text = path.read_text(encoding="utf-8")
        home = [folder / place for folder in (pathlib.Path("engine"), pathlib.Path(""))]
        if not any((folder).is_dir() for folder in home):
            yield f"{path}: there is no folder of this name in engine/, checks/, reports/ or cli/"
        for name in re.findall(r"_test\((\w+)\)", text):
            if "_" not in name:
                yield f"{path}: {name}: a test's name is a sentence"
    for path in files("tests/fuzz", pattern="fuzz_*.c"):
        if not any(pathlib.Path("tests/fuzz/corpus", path.stem[len("fuzz_"):]).glob("*")):
            yield f"{path}: it has no corpus in tests/fuzz/corpus/{path.stem[len('fuzz_'):]}"


def main():
    checks = (wrong_includes, wrong_types, wrong_errors, wrong_recursion, wrong_nolint)
    sources = files(*SOURCES)
    assert sources, "no sources: run from the repository's root"
    wrong = [mistake for path in sources for check in checks for mistake in check(path, path.read_text(encoding="utf-8"))]
    wrong += wrong_tests()
    print(*wrong, f"{len(sources)} files, {len(wrong)} mistakes", sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
