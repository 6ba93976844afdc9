"""`exportcheck init`: questions on a terminal, a target file, and a command that works as printed."""

import json
import os
import pathlib
import pty
import shlex
import subprocess

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
HEALTHY = pathlib.Path(__file__).resolve().parents[1] / "accounts/root-existing-cur2.json"


@pytest.fixture(scope="module")
def environment():
    server = subprocess.Popen([EXPORTCHECK, "serve", str(HEALTHY)], stdout=subprocess.PIPE, text=True)
    yield {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true", "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
           "AWS_SECRET_ACCESS_KEY": "example", "AWS_ENDPOINT_URL": server.stdout.readline().strip()}
    server.terminate()
    server.wait()


def init(environment, answers, *options, cwd):
    """What is shown on a terminal where these answers are typed."""
    leader, follower = pty.openpty()
    process = subprocess.Popen([EXPORTCHECK, "init", *options], stdin=follower, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env=environment, cwd=cwd)
    os.write(leader, answers)
    shown, errors = process.communicate(timeout=60)
    os.close(leader)
    os.close(follower)
    return process.returncode, shown.decode(), errors.decode()


def test_the_answers_become_a_target_and_the_command_checks_it(environment, tmp_path):
    status, shown, errors = init(environment, b"9\n1\nsomebody\n", "--region", "eu-west-1", cwd=tmp_path)
    assert (status, errors) == (0, "")
    assert "1  optscale  CUR 2.0  s3://acme-billing/cur2" in shown
    target = json.loads((tmp_path / "exportcheck-target.json").read_text(encoding="utf-8"))
    assert target == {"scenario": "root-existing", "export_name": "optscale", "export_type": "cur2",
                      "bucket": "acme-billing", "prefix": "cur2", "principal": "somebody"}
    command = shlex.split(shown.splitlines()[-1])
    assert command == ["exportcheck", "check", "--target", "exportcheck-target.json", "--region", "eu-west-1"]
    done = subprocess.run([EXPORTCHECK, *command[1:], "-o", "json"], capture_output=True, env=environment, cwd=tmp_path,
                          check=False)
    assert json.loads(done.stdout)["target"]["principal"] == "somebody"


def test_an_answer_that_never_comes_writes_nothing(environment, tmp_path):
    status, _, errors = init(environment, b"1\n\x04", cwd=tmp_path)
    assert status == 2 and "nothing was written" in errors
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("answers, words", [
    ({"answer": {"Exports": []}}, "--scenario root-new"),
    ({"error": {"code": "AccessDeniedException", "message": "no", "http_status": 400}},
     "could not be listed: bcm-data-exports:ListExports: AccessDeniedException")])
def test_without_an_export_to_choose_it_says_why(environment, tmp_path, answers, words):
    account = json.loads(HEALTHY.read_text(encoding="utf-8"))
    listed = next(call for call in account["calls"] if call["operation"] == "ListExports")
    listed.pop("answer")
    listed.update(answers)
    path = tmp_path / "account.json"
    path.write_text(json.dumps(account), encoding="utf-8")
    with subprocess.Popen([EXPORTCHECK, "serve", path], stdout=subprocess.PIPE, text=True) as server:
        own = {**environment, "AWS_ENDPOINT_URL": server.stdout.readline().strip()}
        status, _, errors = init(own, b"1\n", cwd=tmp_path)
        server.terminate()
    assert status == 2 and words in errors


def test_without_a_terminal_it_says_what_else_to_do(environment):
    done = subprocess.run([EXPORTCHECK, "init"], stdin=subprocess.DEVNULL, capture_output=True, env=environment, check=False)
    assert (done.returncode, done.stdout) == (2, b"") and b"terminal" in done.stderr
