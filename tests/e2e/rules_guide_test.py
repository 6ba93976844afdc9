"""The guide for authors of rules, docs/rules.md: its files are written, its commands are run, their output is there."""

import os
import pathlib
import re
import shlex
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPORTCHECK = os.path.abspath(os.environ.get("EXPORTCHECK", "build/dev/exportcheck"))
GUIDE = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
FILES = re.findall(r"^`([\w/.-]+)`:\n```json\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


def commands(text):
    """Each command of a document with the lines that its output must hold, in their order, and its exit status."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], [], 0))
            elif line.startswith("exit status "):
                found[-1] = (*found[-1][:2], int(line.removeprefix("exit status ")))
            else:
                found[-1][1].append(line)
    return found


@pytest.fixture(scope="module", name="folder")
def make_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guide")
    shutil.copytree(ROOT / "tests/accounts", folder / "accounts")
    for name, text in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("command,lines,status", commands(GUIDE), ids=[command for command, _, _ in commands(GUIDE)])
def test_a_command_of_the_guide_does_what_it_shows(command, lines, status, folder):
    words = shlex.split(command)
    assert words[0] == "exportcheck"
    done = subprocess.run([EXPORTCHECK, *words[1:]], capture_output=True, text=True, timeout=120, cwd=folder)
    text = done.stdout + done.stderr
    assert done.returncode == status, text
    at = 0
    for line in lines:
        found = text.find(line, at)
        assert found >= 0, f"{line}\nis not in\n{text[at:]}"
        at = found + len(line)


def test_the_guide_has_files_and_commands():
    assert len(FILES) >= 5 and len(commands(GUIDE)) >= 10


def names(path, pattern):
    return re.findall(pattern, (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_kind_of_check_is_in_the_guide():
    for kind in names("checks/kinds.def", r"^CHECK_KIND\((\w+)\)"):
        assert re.search(rf"^\| .*`{kind}`", GUIDE, re.MULTILINE), kind


def test_every_field_of_a_rule_is_in_the_guide():
    table = (ROOT / "engine/rule/rule_load.c").read_text(encoding="utf-8").split("rule_fields[]", 1)[1].split(";", 1)[0]
    for field in re.findall(r'\{"(\w+)", FIELD', table):
        assert re.search(rf"^\| .*`{field}`", GUIDE, re.MULTILINE), field
