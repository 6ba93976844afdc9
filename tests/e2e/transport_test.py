"""The live transport from outside: against `exportcheck serve`, a signature-checking AWS fake, and TLS."""

import importlib.util
import json
import os
import pathlib
import re
import ssl
import subprocess
import sys
import threading
import http.server

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
ACCOUNTS = sorted(pathlib.Path("tests/accounts").glob("*.json"))
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": "FwoGTOKEN"}
IDENTITY = (b"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account>"
            b"</GetCallerIdentityResult></GetCallerIdentityResponse>")


def collect(tmp_path, *options, environment=None):
    """Runs collect with no environment but what is given; returns the process and the snapshot, if any."""
    output = tmp_path / "out.json"
    done = subprocess.run([EXPORTCHECK, "collect", *options, "--output", str(output)], capture_output=True, text=True,
                          timeout=120, env={"HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true",
                                            "PATH": os.environ["PATH"], **(environment or {})})
    return done, json.loads(output.read_text(encoding="utf-8")) if output.exists() else None


def calls_of(snapshot):
    def key(call):
        return call["service"], call["operation"], json.dumps(call["parameters"], sort_keys=True)
    return {key(call): call["answer"] if "answer" in call else call["error"]["code"] for call in snapshot["calls"]}


@pytest.fixture
def served():
    running = []

    def start(path):
        process = subprocess.Popen([EXPORTCHECK, "serve", str(path), "--listen", "127.0.0.1:0"],
                                   stdout=subprocess.PIPE, text=True)
        running.append(process)
        return process.stdout.readline().strip()

    yield start
    for process in running:
        process.kill()
        process.wait()


@pytest.mark.parametrize("path", ACCOUNTS, ids=lambda path: path.stem)
def test_collecting_from_what_serve_plays_gives_the_same_calls(path, served, tmp_path):
    account = json.loads(path.read_text(encoding="utf-8"))
    target = tmp_path / "target.json"
    target.write_text(json.dumps(account["target"]), encoding="utf-8")
    url = served(path)
    environment = {**KEYS, "OPTSCALE_TOKEN": "token"}
    optscale = ["--optscale-url", url] if "optscale_url" in account["target"] else []
    done, snapshot = collect(tmp_path, "--all-facts", "--target", str(target), "--endpoint-url", url,
                             "--region", "us-east-1", *optscale, environment=environment)
    assert done.returncode == 0, done.stderr
    assert calls_of(snapshot) == calls_of(account)
    assert snapshot["created"][:16] == account["created"][:16]


def test_no_secret_is_in_the_snapshot_or_the_log(served, tmp_path):
    url = served(ACCOUNTS[0])
    done, snapshot = collect(tmp_path, "--all-facts", "--verbose", "--bucket", "acme-billing", "--export-name", "x",
                             "--endpoint-url", url, environment=KEYS)
    assert done.returncode == 0, done.stderr
    assert snapshot["caller"]["access_key_id"] == KEYS["AWS_ACCESS_KEY_ID"]
    for text in (done.stdout, done.stderr, json.dumps(snapshot)):
        assert SECRET not in text and KEYS["AWS_SESSION_TOKEN"] not in text and "Signature=" not in text


def test_without_credentials_it_says_where_it_looked(tmp_path):
    done, snapshot = collect(tmp_path, "--bucket", "b", "--export-name", "x")
    assert done.returncode == 2 and snapshot is None
    assert re.search(r"no AWS credentials were found for profile 'default' \(looked at: the environment", done.stderr)
    assert str(tmp_path / ".aws" / "credentials") in done.stderr


def test_a_profile_that_does_not_exist_is_a_usage_error(tmp_path):
    done, _ = collect(tmp_path, "--bucket", "b", "--export-name", "x", "--profile", "nobody", environment=KEYS)
    assert done.returncode == 2 and "profile 'nobody' (--profile) is in neither" in done.stderr


# --- TLS ---------------------------------------------------------------------------------------


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Length", str(len(IDENTITY)))
        self.end_headers()
        self.wfile.write(IDENTITY)

    do_GET = do_HEAD = do_POST

    def log_message(self, *values):
        pass


@pytest.fixture
def tls(tmp_path):
    made = subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                           "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", tmp_path / "key.pem",
                           "-out", tmp_path / "cert.pem"], capture_output=True)
    if made.returncode != 0:
        pytest.skip("openssl makes no certificate here")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://localhost:{server.server_address[1]}", str(tmp_path / "cert.pem")
    server.shutdown()
    server.server_close()


def identity_of(snapshot):
    return next(call for call in snapshot["calls"] if call["operation"] == "GetCallerIdentity")


def test_an_unknown_certificate_is_not_trusted_and_a_bundle_is(tls, tmp_path):
    url, bundle = tls
    options = ("--bucket", "b", "--export-name", "x", "--endpoint-url", url)
    _, snapshot = collect(tmp_path, *options, environment=KEYS)
    assert identity_of(snapshot)["error"]["code"] == "Unreachable"
    assert "certificate" in identity_of(snapshot)["error"]["message"]
    _, snapshot = collect(tmp_path, *options, environment={**KEYS, "AWS_CA_BUNDLE": bundle})
    assert identity_of(snapshot)["answer"] == {"Account": "1"}


# --- a fake that checks signatures -----------------------------------------------------------------


def moto_python():
    """The interpreter that has moto: ours, or one named for it."""
    if os.environ.get("EXPORTCHECK_MOTO_PYTHON"):
        return os.environ["EXPORTCHECK_MOTO_PYTHON"]
    if importlib.util.find_spec("moto") and importlib.util.find_spec("flask"):
        return sys.executable
    return None


MOTO = """
import json, os, sys
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "4"  # what is made below by requests
import boto3, botocore
from moto.s3.models import s3_backends
from moto.server import ThreadedMotoServer
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
server.start()
host, port = server.get_host_and_port()
url = f"http://127.0.0.1:{port}"
common = dict(endpoint_url=url, region_name="eu-west-1")
iam = boto3.client("iam", aws_access_key_id="x", aws_secret_access_key="y", **common)
iam.create_user(UserName="u")
key = iam.create_access_key(UserName="u")["AccessKey"]
allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
iam.put_user_policy(UserName="u", PolicyName="all", PolicyDocument=json.dumps(allow))
own = dict(aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
s3 = boto3.client("s3", **own, **common)
s3.create_bucket(Bucket="acme", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
for number in range(1005):  # without a request each, which would take most of the test's time
    s3_backends["123456789012"]["aws"].put_object("acme", f"cur2/x/data/{number:04d} \\u00e9+$.csv", b"x")
try:
    s3.list_objects_v2(Bucket="acme", Prefix="cur2/x/")
    agrees = True
except botocore.exceptions.ClientError:
    agrees = False  # some pairs of moto and boto3 disagree on what S3 signs
print(json.dumps([url, key["AccessKeyId"], key["SecretAccessKey"], agrees]), flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def moto():
    python = moto_python()
    if not python:
        pytest.skip("moto[server] is not installed, and EXPORTCHECK_MOTO_PYTHON names no Python that has it")
    process = subprocess.Popen([python, "-c", MOTO], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    line = next((line for line in process.stdout if line.startswith("[")), None)  # Flask greets before us
    assert line, "moto did not start"
    yield json.loads(line)
    process.kill()
    process.communicate()


def test_a_fake_that_checks_signatures_takes_them(moto, tmp_path):
    url, key, secret, agrees = moto
    environment = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_MAX_ATTEMPTS": "1"}
    done, snapshot = collect(tmp_path, "--all-facts", "--bucket", "acme", "--export-name", "x", "--prefix", "cur2",
                             "--region", "eu-west-1", "--endpoint-url", url, environment=environment)
    assert done.returncode == 0, done.stderr
    assert identity_of(snapshot)["answer"]["Arn"].endswith(":user/u")
    listing = [call for call in snapshot["calls"] if call["operation"] == "ListObjectsV2"]
    if not agrees:
        pytest.skip("this moto refuses boto3's own signatures of S3 requests, and so it cannot judge ours")
    assert listing and any(len(call["answer"]["Contents"]) == 1005 for call in listing)
    codes = {call["error"]["code"] for call in snapshot["calls"] if "error" in call}
    assert "SignatureDoesNotMatch" not in codes and "InvalidSignatureException" not in codes, codes


def test_a_fake_that_checks_signatures_refuses_another_key(moto, tmp_path):
    url, key, _, _ = moto
    environment = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_MAX_ATTEMPTS": "1"}
    _, snapshot = collect(tmp_path, "--bucket", "acme", "--export-name", "x", "--region", "eu-west-1",
                          "--endpoint-url", url, environment=environment)
    assert identity_of(snapshot)["error"]["code"] == "SignatureDoesNotMatch"
