"""`exportcheck` and nothing more: what is found here, and the command to run next; soon, and on standard error."""

import json
import os
import pathlib
import shlex
import socket
import subprocess
import time

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
ACCOUNTS = pathlib.Path(__file__).resolve().parents[1] / "accounts"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not/to/be/shown"}


@pytest.fixture
def serve(tmp_path):
    servers = []

    def start(account):
        path = tmp_path / "account.json"
        path.write_text(json.dumps(account), encoding="utf-8")
        servers.append(subprocess.Popen([EXPORTCHECK, "serve", path], stdout=subprocess.PIPE, text=True))
        return servers[-1].stdout.readline().strip()
    yield start
    for server in servers:
        server.terminate()
        server.wait()


def healthy():
    return json.loads((ACCOUNTS / "root-existing-cur2.json").read_text(encoding="utf-8"))


def change(account, operation, **outcome):
    for call in account["calls"]:
        if call["operation"] == operation:
            call.pop("answer", None)
            call.pop("error", None)
            call.update(outcome)
    return account


def bare(home="/nonexistent", **more):
    """The lines, by their names; and the command of each that is one."""
    done = subprocess.run([EXPORTCHECK], capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL, env={
        "PATH": os.environ["PATH"], "HOME": str(home), "AWS_EC2_METADATA_DISABLED": "true", "LC_ALL": "C.UTF-8", **more})
    assert (done.returncode, done.stdout) == (2, "")
    assert KEYS["AWS_SECRET_ACCESS_KEY"] not in done.stderr
    said = {}
    for line in done.stderr.splitlines()[2:]:
        name = line[:15].strip() or name
        said[name] = f"{said.get(name, '')} {line[15:].partition('   (')[0]}".strip()
    return said


def test_without_credentials_it_says_where_some_may_be(tmp_path):
    assert bare()["next"] == "aws configure"
    folder = tmp_path / ".aws"
    folder.mkdir()
    (folder / "config").write_text("[profile work]\nrole_arn = x\n[profile keys]\n[sso-session s]\n", encoding="utf-8")
    (folder / "credentials").write_text("[keys]\naws_access_key_id = AKIAEXAMPLE\n", encoding="utf-8")
    said = bare(home=tmp_path)
    assert said["credentials"].endswith("other profiles: keys, work")
    assert said["next"] == "export AWS_PROFILE=NAME"


def test_a_profile_that_is_nowhere_is_named():
    assert "'nope'" in bare(AWS_PROFILE="nope")["credentials"]


def test_exports_are_named_with_a_command_that_works(serve):
    url = serve(healthy())
    said = bare(AWS_ENDPOINT_URL=url, **KEYS)
    assert said["credentials"].startswith("AKIAEXAMPLE (environment)")
    assert said["exports"] == "1 that OptScale can import: optscale (CUR 2.0, s3://acme-billing/cur2)"
    assert said["next"] == "exportcheck init"
    command = shlex.split(said["or at once"].replace("USER", "optscale"))
    done = subprocess.run([EXPORTCHECK, *command[1:]], capture_output=True, text=True, check=False,
                          env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_ENDPOINT_URL": url, **KEYS})
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("answers, exports, command", [
    ({"answer": {"Exports": []}}, "none in this account", "exportcheck check --scenario root-new"),
    ({"error": {"code": "AccessDeniedException", "message": "no", "http_status": 400}},
     "bcm-data-exports:ListExports is refused to these credentials, so they cannot be listed",
     "exportcheck check --bucket BUCKET --export-name NAME --prefix PREFIX")])
def test_an_account_that_shows_no_exports(serve, answers, exports, command):
    account = change(healthy(), "ListExports", **answers)
    said = bare(AWS_ENDPOINT_URL=serve(account), **KEYS)
    assert (said["exports"], said["next"]) == (exports, command)
    assert subprocess.run([EXPORTCHECK, *command.split()[1:], "--help"], stdout=subprocess.DEVNULL, check=False).returncode == 0


def test_an_address_that_never_answers_is_waited_for_no_longer_than_a_few_seconds():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        said = bare(AWS_ENDPOINT_URL=f"http://127.0.0.1:{silent.getsockname()[1]}", **KEYS)
    assert time.monotonic() - begun < 12
    assert "could not be listed" in said["exports"] and said["next"].startswith("exportcheck check")
