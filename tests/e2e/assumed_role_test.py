"""Whom OptScale assumes a role as, by its own word: a made-up OptScale on loopback answers well, oddly, or not at all."""

import contextlib
import http.server
import json
import os
import pathlib
import subprocess
import threading

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
ACCOUNT = ROOT / "tests/accounts/root-existing-role.json"
TOKEN = "optscale-token-0123456789"
ORGANIZATION = "d370a5cb-7c41-4bb5-9a6f-0f6b6a1e2c11"
OWN = "arn:aws:iam::345678901234:root"
FOREIGN = "arn:aws:iam::999988887777:root"


def trust(principal, many=True):
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return {"trust_policy": {"Version": "2012-10-17", "Statement": [statement] if many else statement}, "role_policy": {}}


def error(code, reason):
    return {"error": {"status_code": 0, "error_code": code, "reason": reason, "params": []}}


# The answer of cloud_policies, and the verdicts of role-trusts-optscale and of role-demands-nothing-more.
ANSWERS = {
    "the account that the role trusts": (200, trust({"AWS": OWN}), "pass", "pass"),
    "its number alone": (200, trust({"AWS": "345678901234"}), "pass", "pass"),
    "a user of it": (200, trust({"AWS": "arn:aws:iam::345678901234:user/optscale"}), "pass", "pass"),
    "a list": (200, trust({"AWS": [OWN]}), "pass", "pass"),
    "one statement that is no list": (200, trust({"AWS": OWN}, many=False), "pass", "pass"),
    "another account": (200, trust({"AWS": FOREIGN}), "fail", "unknown"),
    "everybody": (200, trust({"AWS": "*"}), "unknown", "unknown"),
    "a service": (200, trust({"Service": "ec2.amazonaws.com"}), "unknown", "unknown"),
    "a number": (200, trust({"AWS": 345678901234}), "unknown", "unknown"),
    "no statement": (200, {"trust_policy": {}, "role_policy": {}}, "unknown", "unknown"),
    "a text": (200, {"trust_policy": "see the manual"}, "unknown", "unknown"),
    "nothing": (200, {}, "unknown", "unknown"),
    "no service credentials": (424, error("OE0569", "Service credentials not found"), "unknown", "unknown"),
    "no account id": (424, error("OE0570", "Failed to get account id"), "unknown", "unknown"),
    "not allowed": (403, error("OE0234", "Forbidden"), "unknown", "unknown"),
    "an old build": (404, error("OE0257", "URL not found"), "unknown", "unknown"),
    "a page of a proxy": (502, "<html>Bad Gateway</html>", "unknown", "unknown"),
    "no JSON": (200, "ok", "unknown", "unknown"),
}


@contextlib.contextmanager
def optscale(status, body):
    """An OptScale with one organization and no data source, whose cloud_policies answers this. Yields its URL and what it was asked."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):  # noqa: N802
            asked.append((self.path, self.headers.get("Authorization")))
            path = self.path.partition("?")[0]
            answers = {"/restapi/v2/organizations": (200, {"organizations": [{"id": ORGANIZATION, "name": "Acme"}]}),
                       f"/restapi/v2/organizations/{ORGANIZATION}/cloud_accounts": (200, {"cloud_accounts": []}),
                       f"/restapi/v2/organizations/{ORGANIZATION}/cloud_policies": (status, body)}
            code, answer = answers.get(path, (404, error("OE0257", "URL not found")))
            text = answer if isinstance(answer, str) else json.dumps(answer)
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def account():
    with subprocess.Popen([EXPORTCHECK, "serve", str(ACCOUNT)], stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().strip()
        process.terminate()


def check(account, url, tmp_path, *options):
    target = json.loads(ACCOUNT.read_text(encoding="utf-8"))["target"]
    del target["optscale_principal"]
    (tmp_path / "target.json").write_text(json.dumps(target), encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
                   "AWS_SECRET_ACCESS_KEY": "none", "AWS_ENDPOINT_URL": account, "AWS_EC2_METADATA_DISABLED": "true", "OPTSCALE_TOKEN": TOKEN}
    done = subprocess.run([EXPORTCHECK, "check", "--target", str(tmp_path / "target.json"), "--optscale-url", url, "--rule", "role-*",
                           "--rule", "principal-exists", "-o", "json", *options], capture_output=True, text=True, check=False, timeout=120, env=environment)
    assert done.returncode in (0, 1, 3), done.stderr
    assert TOKEN not in done.stdout + done.stderr
    return {result["rule"]: result for result in json.loads(done.stdout)["results"]}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_optscale_says_of_itself_decides_or_leaves_open(name, account, tmp_path):
    status, body, trusts, demands = ANSWERS[name]
    with optscale(status, body) as (url, asked):
        found = check(account, url, tmp_path)
    assert (found["role-trusts-optscale"]["status"], found["role-demands-nothing-more"]["status"]) == (trusts, demands)
    path, authorization = next(request for request in asked if "cloud_policies" in request[0])
    assert "cloud_type=aws_cnr" in path and "linked=true" in path and "bucket_name" not in path
    assert authorization == f"Bearer {TOKEN}"
    if trusts == "unknown":
        assert found["role-trusts-optscale"]["message"]


def test_who_is_told_is_not_asked_for(account, tmp_path):
    with optscale(200, trust({"AWS": FOREIGN})) as (url, asked):
        found = check(account, url, tmp_path, "--optscale-principal", OWN)
    assert found["role-trusts-optscale"]["status"] == "pass"
    assert not [request for request in asked if "cloud_policies" in request[0]]


def test_the_evidence_names_the_call(account, tmp_path):
    with optscale(200, trust({"AWS": OWN})) as (url, _):
        found = check(account, url, tmp_path)
    calls = {evidence["call"] for evidence in found["role-trusts-optscale"]["evidence"]}
    assert {"optscale:GetCloudPolicies", "iam:GetRole"} <= calls


def test_who_may_assume_the_role_has_tried_what_it_may_do(tmp_path):
    """As the role itself: its permissions are tried, and an admin is told to run the check as an admin."""
    role = json.loads(ACCOUNT.read_text(encoding="utf-8"))["target"]["principal"]
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
                   "AWS_SECRET_ACCESS_KEY": "none", "AWS_EC2_METADATA_DISABLED": "true"}
    (tmp_path / "target.json").write_text(json.dumps(json.loads(ACCOUNT.read_text(encoding="utf-8"))["target"]), encoding="utf-8")
    with subprocess.Popen([EXPORTCHECK, "serve", str(ACCOUNT), "--as", role], stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().strip()
        done = subprocess.run([EXPORTCHECK, "check", "--target", str(tmp_path / "target.json"), "--assume-role", role, "--external-id", "x",
                               "-o", "json"], capture_output=True, text=True, check=False, timeout=120, env={**environment, "AWS_ENDPOINT_URL": url})
        process.terminate()
    report = json.loads(done.stdout)
    found = {result["rule"]: result["status"] for result in report["results"]}
    assert (found["permission-read-bucket"], found["permission-describe-reports"]) == ("pass", "pass")
    assert "fail" not in found.values()
    assert "--profile ADMIN" in report["admin_command"] and role in report["admin_command"]
    assert "--assume-role" not in report["admin_command"] and "--external-id" not in report["admin_command"]
