"""Every scenario from end to end: the documentation's own configuration, OptScale's REST API, lists of accounts."""

import contextlib
import glob
import json
import os
import pathlib
import shlex
import subprocess

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
HEALTHY = ["root-existing-optscale", "root-existing-120", "root-new", "root-new-bucket", "linked",
           "migrate-new-bucket", "migrate-same-bucket"]
KEYS = {"PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": "AKIAI44QH8DHBEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "us-east-1"}
TOKEN = "optscale-token-0123456789"


def account(name):
    return json.loads(pathlib.Path(f"tests/accounts/{name}.json").read_text(encoding="utf-8"))


def run(*arguments, env=None, **more):
    return subprocess.run([EXPORTCHECK, *map(str, arguments)], capture_output=True, text=True, timeout=120,
                          env=env or KEYS, **more)


def results(done):
    return json.loads(done.stdout)["results"]


def status_of(done, rule):
    return {result["subject"]: result["status"] for result in results(done) if result["rule"] == rule}


@contextlib.contextmanager
def served(snapshot):
    server = subprocess.Popen([EXPORTCHECK, "serve", str(snapshot)], stdout=subprocess.PIPE, text=True)
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        assert server.wait(10) == 0


@pytest.mark.parametrize("name", HEALTHY)
def test_what_the_documentation_says_is_right(name):
    done = run("check", "--snapshot", f"tests/accounts/{name}.json", "-o", "json")
    assert done.returncode == 0, done.stdout
    wrong = {item["rule"] for item in results(done) if item["status"] not in ("pass", "skip")}
    assert wrong <= {"permission-newer-optscale"}  # what it asks for is not in the documentation


@pytest.mark.parametrize("name", [*HEALTHY, "root-existing-120-unconnected"])
def test_collect_keeps_a_snapshot_as_it_is(name, tmp_path):
    path = tmp_path / "again.json"
    assert run("collect", "--all-facts", "--snapshot", f"tests/accounts/{name}.json", "--output", path).returncode == 0
    assert json.loads(path.read_text(encoding="utf-8")) == account(name)


def test_the_script_makes_the_accounts_again(tmp_path):
    """A copy of the repository's parts that the script reads and writes."""
    for folder in ("tests/accounts", "rules/facts"):
        (tmp_path / folder).mkdir(parents=True)
    for path in ["tests/make_flow_accounts.py", "tests/accounts/root-existing-cur2.json", *glob.glob("rules/facts/*")]:
        (tmp_path / path).write_bytes(pathlib.Path(path).read_bytes())
    done = subprocess.run(["python3", tmp_path / "tests/make_flow_accounts.py", os.path.abspath(EXPORTCHECK)],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    for name in [*HEALTHY, "root-existing-120-unconnected"]:
        made = json.loads((tmp_path / f"tests/accounts/{name}.json").read_text(encoding="utf-8"))
        assert made == account(name), f"run tests/make_flow_accounts.py: {name} has changed"


# --- OptScale's REST API ---


@pytest.mark.parametrize("access", ["token", "password"])
@pytest.mark.parametrize("name", ["root-existing-optscale", "linked", "migrate-same-bucket"])
def test_optscale_is_read_live(name, access, tmp_path):
    target = account(name)["target"]
    del target["optscale_url"]
    (tmp_path / "target.json").write_text(json.dumps(target), encoding="utf-8")
    (tmp_path / "password").write_text("correct horse\n", encoding="utf-8")
    with served(f"tests/accounts/{name}.json") as url:
        options = ["--optscale-email", "me@acme.example", "--optscale-password-file", tmp_path / "password"]
        env = {**KEYS, "AWS_ENDPOINT_URL": url}
        done = run("check", "--target", tmp_path / "target.json", "--optscale-url", url, "-o", "json",
                   *(options if access == "password" else []),
                   env=env if access == "password" else {**env, "OPTSCALE_TOKEN": TOKEN})
    assert done.returncode == 0, done.stdout + done.stderr
    statuses = {result["rule"]: result["status"] for result in results(done)}
    assert statuses["data-source-exists"] == statuses["data-source-imports"] == "pass"
    assert TOKEN not in done.stdout + done.stderr and "correct horse" not in done.stdout + done.stderr


def test_an_error_of_the_import_is_explained_by_the_command_that_the_report_names(tmp_path):
    broken = account("root-existing-optscale")
    for call in broken["calls"]:
        if call["operation"] == "ListCloudAccounts":
            call["answer"]["cloud_accounts"][0].update(last_import_attempt_at=1795341000,
                                                       last_import_attempt_error="'lineItem/BlendedCost'")
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(broken), encoding="utf-8")
    target = dict(broken["target"])
    del target["optscale_url"]
    (tmp_path / "target.json").write_text(json.dumps(target), encoding="utf-8")
    with served(path) as url:
        done = run("check", "--target", tmp_path / "target.json", "--optscale-url", url, "-o", "json",
                   env={**KEYS, "AWS_ENDPOINT_URL": url, "OPTSCALE_TOKEN": TOKEN})
    assert done.returncode == 1
    result = next(item for item in results(done) if item["rule"] == "data-source-imports")
    assert result["status"] == "fail" and "'lineItem/BlendedCost'" in result["message"]
    command = shlex.split(result["fix"]["cli"])
    assert command == ["exportcheck", "explain", "'lineItem/BlendedCost'"]
    explained = run(*command[1:])
    assert explained.returncode == 0 and "column" in explained.stdout


def test_a_refused_token_lets_nothing_pass(tmp_path):
    refused = account("root-existing-optscale")
    for call in refused["calls"]:
        if call["service"] == "optscale":
            del call["answer"]
            call["error"] = {"code": "OE0235", "message": "Unauthorized", "http_status": 401}
    path = tmp_path / "refused.json"
    path.write_text(json.dumps(refused), encoding="utf-8")
    done = run("check", "--snapshot", path, "-o", "json")
    assert done.returncode == 3
    waiting = {item["rule"] for item in results(done) if item["status"] == "unknown"}
    assert {"organization-accounts-connected", "data-source-exists", "data-source-imports"} <= waiting
    assert not any(item["status"] == "pass" and item["rule"].startswith("data-source") for item in results(done))


# --- --connected-accounts ---


def connected(snapshot):
    """The accounts of root-existing-120 that are active members."""
    return [(item["account_id"], item["name"]) for item in snapshot["target"]["connected_accounts"]]


FORMATS = {
    "JSON, ids": lambda items: json.dumps([identifier for identifier, _ in items]),
    "JSON, objects": lambda items: json.dumps([{"account_id": identifier, "name": name} for identifier, name in items]),
    "JSON, as OptScale answers": lambda items: json.dumps({"cloud_accounts": [
        {"type": "aws_cnr", "account_id": identifier, "name": name, "auto_import": True, "deleted_at": 0,
         "config": {"linked": True}} for identifier, name in items]}),
    "CSV with a header": lambda items: "name,account_id,linked\n" + "".join(
        f'"{name}, of Acme",{identifier},true\n' for identifier, name in items),
    "CSV of a spreadsheet": lambda items: "\ufeff" + "".join(f"{identifier},{name}\r\n" for identifier, name in items),
    "plain lines": lambda items: "# connected\n\n" + "".join(f"{identifier}\n" for identifier, _ in items),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_list_of_connected_accounts_is_read(kind, tmp_path):
    snapshot = account("root-existing-120")
    items = connected(snapshot)
    path = tmp_path / "connected"
    path.write_text(FORMATS[kind](items), encoding="utf-8")
    done = run("check", "--snapshot", "tests/accounts/root-existing-120.json", "--connected-accounts", path, "-o",
               "json")
    assert done.returncode == 0, done.stdout + done.stderr
    path.write_text(FORMATS[kind](items[1:]), encoding="utf-8")
    done = run("check", "--snapshot", "tests/accounts/root-existing-120.json", "--connected-accounts", path, "-o",
               "json")
    assert done.returncode == 1, done.stdout + done.stderr
    statuses = status_of(done, "organization-accounts-connected")
    assert statuses == {identifier: "fail" if identifier == items[0][0] else "pass" for identifier, _ in items}


def test_those_who_are_not_connected_are_named():
    done = run("check", "--snapshot", "tests/accounts/root-existing-120-unconnected.json", "-o", "json")
    assert done.returncode == 1
    failed = [item for item in results(done)
              if item["rule"] == "organization-accounts-connected" and item["status"] == "fail"]
    names = {item["Id"]: item["Name"] for call in account("root-existing-120-unconnected")["calls"]
             if call["operation"] == "ListAccounts" for item in call["answer"]["Accounts"]}
    assert len(failed) == 4
    assert all(names[item["subject"]] in item["message"] for item in failed)
