"""The commands of the README and of the manual work as they are printed, and what they show is what the program prints."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest
from rules_guide_test import commands

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPORTCHECK = pathlib.Path(os.environ.get("EXPORTCHECK", "build/dev/exportcheck")).resolve()
README = (ROOT / "README.md").read_text(encoding="utf-8")
MANUAL = (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
HEALTHY = ROOT / "tests" / "accounts" / "root-existing-cur2.json"
LISTING = "2026-01-06 10:11:12 1234 cur2/optscale/data/BILLING_PERIOD=2026-01/optscale-00001.csv.gz\n"
POLICY = '{\n  "Version": "2012-10-17",\n  "Statement": [{"Effect": "Alow", "Action": "s3:GetObject", "Resource": "*"}]\n}\n'


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def is_instrumented():
    return b"__asan_init" in EXPORTCHECK.read_bytes()


@pytest.mark.parametrize("line", blocks("sh")[0].splitlines())
def test_the_first_commands_are_there_and_can_be_run(line):
    path = ROOT / line
    assert os.access(path, os.X_OK)
    shell = path.read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("#!")
    assert subprocess.run([shell, "-n", path], check=False).returncode == 0


def test_the_demonstration_leaves_what_the_readme_says():
    if is_instrumented():
        pytest.skip("scripts/demo builds a release of its own; it is run beside the release build's tests")
    folder = ROOT / "build" / "demo"
    shutil.rmtree(folder, ignore_errors=True)
    done = subprocess.run([ROOT / "scripts" / "demo"], capture_output=True, text=True, cwd="/", check=False)
    assert done.returncode == 0, done.stderr
    names = re.search(r"build/demo/\{(.*?)\}", README).group(1).split(",")
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert "FAIL  export-includes-resource-ids" in done.stdout


@contextlib.contextmanager
def served(account):
    """An environment in which the account is AWS."""
    server = subprocess.Popen([EXPORTCHECK, "serve", account], stdout=subprocess.PIPE, text=True)
    try:
        yield {"PATH": f"{EXPORTCHECK.parent}:{os.environ['PATH']}", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
               "AWS_ENDPOINT_URL": server.stdout.readline().strip(), "AWS_EC2_METADATA_DISABLED": "true",
               "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
    finally:
        server.terminate()
        server.wait(10)


def test_an_account_of_ones_own_in_three_lines(tmp_path):
    lines = blocks("sh")[1].splitlines()
    assert len(lines) == 3 and "--target exportcheck" in lines[0]
    target = json.loads(HEALTHY.read_text(encoding="utf-8"))["target"]
    assert f"--bucket {target['bucket']} --export-name {target['export_name']} --prefix {target['prefix']}" in lines[2]
    with served(HEALTHY) as environment:
        done = subprocess.run(["sh", "-c", "\n".join(lines[1:])], capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """Where somebody sits who follows the manual: a folder, and an account with faults."""
    folder = tmp_path_factory.mktemp("manual")
    (folder / "listing.txt").write_text(LISTING, encoding="utf-8")
    (folder / "policy.json").write_text(POLICY, encoding="utf-8")
    with served(HEALTHY.with_name("demo-root-existing.json")) as environment:
        yield folder, environment


def numbers_aside(text):
    return re.sub(r"\d+ (calls|failed|more|rules?|rows)\b", r"N \1", text)


@pytest.mark.parametrize("command,lines,status", commands(MANUAL), ids=[command for command, _, _ in commands(MANUAL)])
def test_a_command_of_the_manual_does_what_it_shows(command, lines, status, reader):
    folder, environment = reader
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=120, cwd=folder, env=environment, check=False)
    printed, at = [numbers_aside(line) for line in (done.stdout + done.stderr).splitlines()], 0
    assert done.returncode == status, done.stdout + done.stderr
    for line in map(numbers_aside, lines):
        assert line in printed[at:], f"not printed, or elsewhere: {line}"
        at = printed.index(line, at) + 1


def test_the_manuals_pictures_are_what_the_program_shows():
    done = subprocess.run([sys.executable, ROOT / "scripts" / "make-pictures", "--check"], capture_output=True, text=True, check=False,
                          env={**os.environ, "EXPORTCHECK": str(EXPORTCHECK)})
    assert done.returncode == 0, done.stderr
    named = set(re.findall(r"\(manual/([\w.-]+)\)", MANUAL))
    assert named == {path.name for path in (ROOT / "docs" / "manual").iterdir()}
    assert max(path.stat().st_size for path in (ROOT / "docs" / "manual").iterdir()) < 150_000


@pytest.mark.parametrize("document", [README, MANUAL], ids=["README", "manual"])
def test_commands_within_the_text_have_the_options_that_they_name(document):
    spans = re.findall(r"`exportcheck ([a-z]+)([^`]*)`", re.sub(r"^```.*?^```", "", document, flags=re.MULTILINE | re.DOTALL))
    assert spans
    for name, rest in spans:
        done = subprocess.run([EXPORTCHECK, name, "--help"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, name
        for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", rest):
            assert re.search(rf"{option}\b", done.stdout), f"{name} {option}"


def test_the_report_shown_is_real(tmp_path):
    done = subprocess.run([EXPORTCHECK, "demo", "--output-dir", tmp_path], capture_output=True, text=True, check=True)
    number = lambda line: re.sub(r"\d+ (rules passed|do not apply|things)", r"N \1", line.rstrip())
    printed = [number(line) for line in done.stdout.splitlines()]
    at = 0
    for line in blocks("text")[0].splitlines():
        if line != "…":
            assert number(line) in printed[at:], f"not printed, or elsewhere: {line}"
            at = printed.index(number(line), at) + 1


def test_every_command_and_option_that_is_named_exists():
    for command in re.findall(r"^\| ((?:`[a-z]+`(?:, )?)+) \|", README, re.MULTILINE):
        for name in re.findall(r"`([a-z]+)`", command):
            assert subprocess.run([EXPORTCHECK, name, "--help"], capture_output=True, check=False).returncode == 0, name
    help_text = "".join(subprocess.run([EXPORTCHECK, name, "--help"], capture_output=True, text=True, check=True).stdout
                        for name in ("check", "rules", "policy"))
    for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) - {"--preset", "--build", "--install", "--help"}:
        assert option in help_text, option


@pytest.mark.parametrize("document,folder", [(README, ROOT), (MANUAL, ROOT / "docs")], ids=["README", "manual"])
def test_files_that_are_linked_exist(document, folder):
    for path in re.findall(r"\]\(((?!http)[^)]+)\)", document):
        assert (folder / path).exists(), path
