"""What is large stays small: functions (median under 15 lines, nine of ten under 45, none over 80), files (under 600
lines), folders (at most 20 C files)."""

import collections
import pathlib
import re
import statistics
import sys

MEDIAN, NINE_OF_TEN, LONGEST, FILE, FOLDER = 15, 45, 80, 600, 20
NAME = re.compile(r"\b([A-Za-z_]\w*)\s*\(")


def functions(text):
    """(name, lines from the opening brace to the closing one) of each definition: both stand in the first column."""
    lines = text.split("\n")
    begin = None
    for number, line in enumerate(lines):
        if line == "{":
            head = number - 1
            while head > 0 and lines[head - 1] and not lines[head - 1].startswith(("}", "#", "/", " *")) and \
                    not lines[head - 1].endswith((";", "*/")):
                head -= 1
            name = NAME.search(" ".join(lines[head:number]))
            begin = (name.group(1) if name else "?", number)
        elif line == "}" and begin:
            yield begin[0], number - begin[1] - 1
            begin = None


def main():
    wrong, sizes = [], []
    for folder in ("engine", "checks", "reports", "cli"):
        for path in sorted(pathlib.Path(folder).rglob("*.[ch]")):
            text = path.read_text(encoding="utf-8")
            count = text.count("\n")
            if count >= FILE:
                wrong.append(f"{path}: {count} lines; a file has fewer than {FILE}")
            for name, lines in functions(text):
                sizes.append(lines)
                if lines > LONGEST:
                    wrong.append(f"{path}: {name}: {lines} lines; a function has at most {LONGEST}")
    folders = collections.Counter(path.parent for folder in ("engine", "checks", "reports", "cli", "tests")
                                  for path in pathlib.Path(folder).rglob("*.[ch]"))
    wrong += [f"{path}: {count} C files; a folder has at most {FOLDER}" for path, count in folders.items() if count > FOLDER]
    assert sizes, "no sources: run from the repository's root"
    sizes.sort()
    median, ninth = statistics.median(sizes), sizes[len(sizes) * 9 // 10]
    if median >= MEDIAN or ninth >= NINE_OF_TEN:
        wrong.append(f"functions have {median} lines (median) and {ninth} (nine of ten)")
    print(*wrong, f"{len(sizes)} functions: median {median} lines, nine of ten under {ninth + 1}, longest {sizes[-1]}",
          sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
