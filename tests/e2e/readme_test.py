"""The README's commands work as they are printed, and its report is what the program prints."""

import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPORTCHECK = pathlib.Path(os.environ.get("EXPORTCHECK", "build/dev/exportcheck")).resolve()
README = (ROOT / "README.md").read_text(encoding="utf-8")
HEALTHY = ROOT / "tests" / "accounts" / "root-existing-cur2.json"


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


def test_an_account_of_ones_own_in_three_lines(tmp_path):
    lines = blocks("sh")[1].splitlines()
    assert len(lines) == 3 and "--target exportcheck" in lines[0]
    target = json.loads(HEALTHY.read_text(encoding="utf-8"))["target"]
    assert f"--bucket {target['bucket']} --export-name {target['export_name']} --prefix {target['prefix']}" in lines[2]
    server = subprocess.Popen([EXPORTCHECK, "serve", HEALTHY], stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        done = subprocess.run(["sh", "-c", "\n".join(lines[1:])], capture_output=True, text=True, check=False, cwd=tmp_path, env={
            "PATH": f"{EXPORTCHECK.parent}:{os.environ['PATH']}", "HOME": "/nonexistent", "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"})
    finally:
        server.terminate()
        server.wait(10)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


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


def test_files_that_are_linked_exist():
    for path in re.findall(r"\]\(((?!http)[^)]+)\)", README):
        assert (ROOT / path).exists(), path
