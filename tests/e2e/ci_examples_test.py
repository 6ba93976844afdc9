"""What docs/ci and the Dockerfile hold is what their readers accept, and every option in it exists."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPORTCHECK = os.path.abspath(os.environ.get("EXPORTCHECK", "build/dev/exportcheck"))
CI = ROOT / "docs/ci"


def run(*words, **more):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60, check=False, **more)


@pytest.mark.parametrize("name, schema", [("github.yml", "vendor.github-workflows"), ("gitlab.yml", "vendor.gitlab-ci")])
def test_a_pipeline_is_one_by_its_schema(name, schema):
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    done = run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, CI / name)
    assert done.returncode == 0, done.stdout


def test_the_workflow_lints():
    actionlint = shutil.which("actionlint", path=f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}")
    if not actionlint:
        pytest.skip("SKIPPED: there is no actionlint (scripts/install brings it where there is Go)")
    done = run(actionlint, "-shellcheck=", CI / "github.yml")
    assert done.returncode == 0, done.stdout


def commands():
    """Every command line of this program in the examples."""
    for path in [*sorted(CI.iterdir()), ROOT / "docs/fleet/slurm.sh", ROOT / "docs/fleet/kubernetes.yaml"]:
        for line in re.findall(r"(?:^|\s)exportcheck ((?:check|policy|report) [^#\n]*)", path.read_text(encoding="utf-8")):
            yield pytest.param(line.split(), id=f"{path.name}: {line[:40]}")


@pytest.mark.parametrize("words", list(commands()))
def test_each_option_and_format_exists(words):
    shown = run(EXPORTCHECK, words[0], "--help").stdout
    formats = re.search(r"--output\|-o\) .*-W \"(.*?)\"", run(EXPORTCHECK, "completion", "bash").stdout).group(1).split()
    for option in [word for word in words if word.startswith("--")]:
        assert option in shown, option
    for i, word in enumerate(words):
        if word == "-o":
            assert words[i + 1].split("=")[0] in formats, words[i + 1]


def test_the_roles_trust_policy_is_sound():
    done = run(EXPORTCHECK, "policy", "lint", CI / "role.json")
    assert done.returncode == 0, done.stdout
    assert json.loads((CI / "role.json").read_text(encoding="utf-8"))["Statement"][0]["Action"] == "sts:AssumeRoleWithWebIdentity"


def test_the_scheduled_run_leaves_metrics_and_fails_only_where_nothing_was_checked(tmp_path):
    account = ROOT / "tests/accounts/demo-root-existing.json"
    stand_in = tmp_path / "exportcheck"
    stand_in.write_text(f'#!/bin/sh\nset -e\nshift\nexec {EXPORTCHECK} check --snapshot {account} "$@"\n', encoding="utf-8")
    stand_in.chmod(0o755)
    target = tmp_path / "target.json"
    target.write_text(json.dumps(json.loads(account.read_text(encoding="utf-8"))["target"]), encoding="utf-8")
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = run(CI / "scheduled.sh", target, tmp_path, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert re.search(r"^exportcheck_ready\{.*\} 0$", (tmp_path / "exportcheck.prom").read_text(encoding="utf-8"), re.MULTILINE)
    assert run(CI / "scheduled.sh", tmp_path / "none.json", tmp_path, env=environment).returncode == 2


def test_the_alerts_watch_metrics_that_there_are(tmp_path):
    metrics = run(EXPORTCHECK, "check", "--snapshot", ROOT / "tests/accounts/demo-root-existing.json", "-o", "openmetrics").stdout
    names = set(re.findall(r"exportcheck_\w+", (CI / "README.md").read_text(encoding="utf-8")))
    assert len(names) >= 2
    for name in names:
        assert re.search(rf"^{name}\b", metrics, re.MULTILINE), name


def test_the_image_is_not_root_and_builds_where_docker_is():
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER 65532$", text, re.MULTILINE)
    if run("sh", "-c", "docker info").returncode != 0:
        pytest.skip("SKIPPED: no Docker engine runs here")
    assert run("docker", "build", "-q", ROOT).returncode == 0
