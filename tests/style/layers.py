"""Includes run downward, between layers and between the rooms of one: what CMakeLists.txt plans, said in words.

The build holds the same with include paths; here a wrong include is named with its file, and so is a folder that the
plan does not know (docs/architecture.md).
"""

import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)
LAYER = re.compile(r"exportcheck_layer\(([^()]*(?:\$<[^>]*>[^()]*)*)\)")
KEYWORDS = ("DEPENDS", "LIBRARIES", "HEADERS_OF", "INTERFACES", "EXCEPT", "ROOMS")


def plan():
    """From CMakeLists.txt: folder → the folders whose headers it may include, and single headers besides."""
    rooms, layers, also = {}, {}, {}
    for call in LAYER.findall(pathlib.Path("CMakeLists.txt").read_text(encoding="utf-8")):
        words = [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', call)]
        name, folder, lists = words[0], words[1], {keyword: [] for keyword in KEYWORDS}
        for word in words[2:]:
            if word in KEYWORDS:
                current = lists[word]
            else:
                current.append(word)
        below = set().union(*(layers[layer] for layer in lists["DEPENDS"]))
        inner = {}
        for row in lists["ROOMS"] or [".:"]:
            room, _, others = row.partition(":")
            inner[room] = {room}.union(*(inner[other] for other in others.split()))
        folders = {room: folder if room == "." else f"{folder}/{room}" for room in inner}
        layers[name] = set(folders.values())
        for room, seen in inner.items():
            rooms[folders[room]] = below | {folders[other] for other in seen}
            also[folders[room]] = {f"engine/{header}" for header in lists["INTERFACES"]}
    return rooms, also


# Modules that use each other, and why they may: most are one module in several files, with a header for those alone.
CIRCLES = {
    ("account/facts/collect", "account/facts/declaration", "account/facts/expression", "account/facts/facts"):
        "facts.h is the face of them all; the others are for the files of this room",
    ("aws/live/job", "aws/live/ledger", "aws/live/transport"):
        "job.h and ledger.h are for the files of transport.h alone",
    ("base/buf", "base/str"): "a buffer holds views, and str_format() writes in a buffer",
    ("cli/target/live", "cli/target/source"): "live.h is the half of source.h that reads a live account",
    ("optscale/connect/connect", "optscale/connect/connecting"): "connecting.h is for the files of connect.h alone",
    ("policy/language/document", "policy/language/grammar"): "grammar.h is for document.c alone",
    ("policy/lint/lint", "policy/lint/report"): "report.h is for the files of lint.h alone",
    ("policy/prove/layers", "policy/prove/prove"): "layers.h is for prove.c alone",
    ("query/evaluate", "query/function_list", "query/functions", "query/parser"):
        "an expression calls functions, and a function evaluates the expression that it is given (&name)",
    ("reports/words/headline", "reports/words/steps", "reports/words/words"):
        "the ticket begins with the headline, and the headline counts in words",
    ("rule/run", "rule/run_internal"): "run_internal.h is for the files of run.h alone",
}


def circles(files):
    """Groups of modules (a header and its sources) that reach each other through includes."""
    uses = {}
    for path in files:
        module = re.sub(r"^engine/|\.[ch]$", "", path.as_posix())
        names = INCLUDE.findall(path.read_text(encoding="utf-8"))
        uses.setdefault(module, set()).update({re.sub(r"\.\w+$", "", name) for name in names} - {module})
    reached = {}
    for module in uses:
        seen, more = set(), set(uses[module])
        while more:
            seen |= more
            more = set().union(*(uses.get(name, set()) for name in more)) - seen
        reached[module] = seen
    groups = {tuple(sorted({module} | {name for name in reached[module] if module in reached.get(name, ())}))
              for module in uses if module in reached[module]}
    return sorted(groups)


def place_of(name):
    """The header's path in the repository."""
    return name if pathlib.Path(name).exists() else f"engine/{name}"


def main():
    rooms, also = plan()
    files = [path for folder in ("engine", "checks", "reports", "cli") for path in sorted(pathlib.Path(folder).rglob("*.[ch]"))]
    assert files and len(rooms) > 20, "no sources or no plan: run from the repository's root"
    wrong = []
    for path in files:
        room = path.parent.as_posix()
        if room not in rooms:
            wrong.append(f"{path}: CMakeLists.txt has no room {room}")
            continue
        for name in INCLUDE.findall(path.read_text(encoding="utf-8")):
            if "/" not in name:
                wrong.append(f'{path}: "{name}": name our headers by their full path')
                continue
            place = place_of(name)
            if pathlib.Path(place).parent.as_posix() not in rooms[room] and place not in also[room]:
                wrong.append(f'{path}: "{name}": {room} may not include that folder')
    for circle in circles(files):
        if circle not in CIRCLES:
            wrong.append(f"{', '.join(circle)}: they include each other in a circle; break it, or say in CIRCLES why it may stay")
    print(*wrong, f"{len(files)} files in {len(rooms)} rooms, {len(wrong)} wrong includes", sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
