"""What the build holds: a room sees the headers that the plan lets it see and no others, and nothing in the program changes
between runs."""

import importlib.util
import json
import os
import pathlib
import re
import shlex
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["EXPORTCHECK"]).parent


def load_plan():
    spec = importlib.util.spec_from_file_location("layers", ROOT / "tests/style/layers.py")
    layers = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(layers)
    return layers.plan()


def compile_commands():
    """The compiler's options for each folder of sources."""
    file = BUILD / "compile_commands.json"
    if not file.exists():
        pytest.skip(f"{file} does not exist: the build's include paths cannot be read")
    commands = {}
    for entry in json.loads(file.read_text(encoding="utf-8")):
        source = pathlib.Path(entry["file"])
        if source.is_relative_to(ROOT) and not source.is_relative_to(BUILD):
            commands.setdefault(source.parent.relative_to(ROOT).as_posix(), (entry["directory"], shlex.split(entry["command"])))
    return commands


def compile_text(command, text, *options):
    """The compiler with the options of a source of ours, on another text."""
    directory, words = command
    words = words[1:] if words[0].endswith("ccache") else words
    kept = [word for word in words[1:] if word.startswith(("-I", "-D", "-std", "-isystem", "/usr/include", str(ROOT / "third_party")))]
    return subprocess.run([words[0], *kept, "-x", "c", *options, "-"], input=text, cwd=directory, capture_output=True, text=True,
                          check=False)


def spelled(path):
    return re.sub("^engine/", "", path.as_posix())


def reach(rooms, room):
    """The folders that the room may include, and those that their headers may include in turn."""
    seen, more = set(), set(rooms[room])
    while more:
        seen |= more
        more = set().union(*(rooms[folder] for folder in more if folder != room)) - seen
    return seen


def test_a_room_sees_what_the_plan_lets_it_reach_and_no_more(monkeypatch):
    monkeypatch.chdir(ROOT)
    rooms, also = load_plan()
    headers = [path for top in ("engine", "checks", "reports", "cli") for path in sorted(pathlib.Path(top).rglob("*.h"))]
    asked = "\n".join(f'#if __has_include("{spelled(path)}")\nsees {path.as_posix()}\n#endif' for path in headers)
    compared = 0
    for room, command in compile_commands().items():
        if room not in rooms:
            continue
        done = compile_text(command, asked, "-E", "-P")
        seen = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("sees ")}
        planned = {path.as_posix() for path in headers if path.parent.as_posix() in reach(rooms, room)} | also[room]
        assert seen == planned, f"{room}: {sorted(seen ^ planned)}"
        compared += 1
    assert compared > 30


@pytest.mark.parametrize("folder,good,wrong", [
    ("engine/aws/protocol", "aws/shape/form.h", "aws/live/transport.h"),
    ("engine/policy/language", "base/str.h", "policy/prove/prove.h"),
    ("engine/base/json", "base/arena.h", "query/query.h"),
    ("reports", "reports/registry.h", "rule/rule.h"),
])
def test_an_include_that_runs_upward_or_sideways_does_not_compile(folder, good, wrong):
    command = compile_commands()[folder]
    for header in (good, wrong):
        assert any((ROOT / top / header).exists() for top in ("", "engine")), f"{header} has another name now"
    done = compile_text(command, f'#include "{good}"\n', "-fsyntax-only")
    assert done.returncode == 0, done.stderr
    done = compile_text(command, f'#include "{wrong}"\n', "-fsyntax-only")
    assert done.returncode != 0 and f"{wrong}: No such file" in done.stderr or "file not found" in done.stderr


# What a signal's handler has to find: the files to remove.
CHANGEABLE = {"unfinished"}


def test_no_global_can_be_changed():
    """Nothing of ours is in a section that a running program may write to, once it is relocated."""
    libraries = [path for path in sorted(BUILD.glob("lib*.a")) if path.name != "libcjson_utils.a"]
    assert len(libraries) >= 10
    done = subprocess.run(["nm", "--format=sysv", "--defined-only", *libraries], capture_output=True, text=True, check=True)
    wrong = []
    for line in done.stdout.splitlines():
        fields = [field.strip() for field in line.split("|")]
        if len(fields) == 7 and fields[3] == "OBJECT" and re.match(r"\.(data|bss)(?!\.rel\.ro)|COMMON", fields[6]):
            wrong.append(fields[0])
    wrong = [name for name in wrong if not name.startswith("__")]  # those of sanitizers and of coverage
    assert set(wrong) <= CHANGEABLE, wrong
