"""`serve` as a test bench: weather, TLS, and several accounts told apart by key and by assumed role."""

import json
import os
import pathlib
import shutil
import subprocess
import time
import urllib.error
import urllib.request

import pytest

EXPORTCHECK = os.path.abspath(os.environ.get("EXPORTCHECK", "build/dev/exportcheck"))
ACCOUNTS = pathlib.Path(__file__).resolve().parents[1] / "accounts"
PAYER, MEMBER = ACCOUNTS / "root-existing-cur2.json", ACCOUNTS / "linked.json"


@pytest.fixture(name="serve")
def make_serve():
    running = []

    def start(*options, snapshot=PAYER):
        process = subprocess.Popen([EXPORTCHECK, "serve", str(snapshot), *map(str, options)], stdout=subprocess.PIPE, text=True)
        running.append(process)
        return process.stdout.readline().strip()

    yield start
    for process in running:
        process.terminate()
        process.wait()


def ask(url, body=b"Action=GetCallerIdentity&Version=2011-06-15", key=None, **more):
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    if key:
        request.add_header("Authorization", f"AWS4-HMAC-SHA256 Credential={key}/20261122/us-east-1/sts/aws4_request, S=x")
    try:
        with urllib.request.urlopen(request, timeout=20, **more) as answer:
            return answer.status, answer.read().decode(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


def outcomes(url, count=60):
    """What the same request meets, time after time."""
    found = []
    for _ in range(count):
        try:
            status, text, _ = ask(url)
            found.append("fine" if status == 200 and "</GetCallerIdentityResponse>" in text else f"{status} {text[:400]}")
        except Exception as error:  # the connection broke, one way or another
            found.append(type(error).__name__)
    return found


def test_weather_has_the_share_that_was_asked_and_follows_from_the_seed(serve):
    options = ["--throttle", "0.3", "--fail", "InternalError:0.1", "--drop", "0.05", "--seed", "7"]
    first, again = outcomes(serve(*options)), outcomes(serve(*options))
    assert first == again
    assert 8 <= sum("Throttling" in outcome for outcome in first) <= 30
    assert any("InternalError" in outcome for outcome in first) and "fine" in first
    assert outcomes(serve(*options[:-1], "8")) != first
    assert set(outcomes(serve("--seed", "7"), 5)) == {"fine"}


def test_an_answer_that_breaks_off_has_begun_and_a_connection_that_is_dropped_has_not(serve):
    (broken,) = set(outcomes(serve("--truncate", "1"), 3))
    assert broken.startswith("200 <GetCallerIdentityResponse") and "</GetCallerIdentityResponse>" not in broken
    assert set(outcomes(serve("--drop", "1"), 3)) == {"RemoteDisconnected"}


@pytest.mark.parametrize("options, status, code", [
    (["--throttle", "1"], 400, "Throttling"), (["--fail", "InternalError:1"], 500, "InternalError"),
    (["--fail", "503:1"], 503, "")])
def test_an_error_is_that_of_the_service(serve, options, status, code):
    for outcome in outcomes(serve(*options), 3):
        assert outcome.startswith(str(status)) and f"<Code>{code}" in outcome


def test_weather_of_one_share_leaves_the_rest_alone(serve):
    for options in (["--throttle", "0.5"], ["--fail", "InternalError:0.5"], ["--truncate", "0.5"], ["--drop", "0.5"]):
        found = outcomes(serve(*options, "--seed", "3"), 30)
        assert 5 <= found.count("fine") <= 25 and len(set(found)) == 2, options


def test_latency_delays_each_and_no_other(serve):
    url = serve("--latency", "200")
    begun = time.monotonic()
    ask(url)
    one = time.monotonic() - begun
    clients = [subprocess.Popen(["curl", "-s", "-o", os.devnull, "-d", "Action=GetCallerIdentity&Version=2011-06-15", url])
               for _ in range(12)] if shutil.which("curl") else []
    for client in clients:
        assert client.wait(timeout=20) == 0
    assert one >= 0.2 and time.monotonic() - begun < 0.2 * 8


def test_slow_bodies_and_a_clock_that_is_off(serve):
    begun = time.monotonic()
    status, text, headers = ask(serve("--slow", "2000", "--skew", "86400"))
    assert status == 200 and "</GetCallerIdentityResponse>" in text
    assert time.monotonic() - begun >= 0.1
    created = json.loads(PAYER.read_text(encoding="utf-8"))["created"]
    assert created.startswith("2026-11-22") and "23 Nov 2026" in headers["Date"]
    assert "21 Nov 2026" in ask(serve("--skew", "-86400"))[2]["Date"]


def test_accounts_are_told_apart_by_key_and_by_role(serve):
    url = serve("--access-key", f"AKIAMEMBER={MEMBER}")
    assert "<Account>123456789012</Account>" in ask(url, key="AKIAANYBODY")[1]
    assert "<Account>210987654321</Account>" in ask(url, key="AKIAMEMBER")[1]
    assume = "Action=AssumeRole&Version=2011-06-15&RoleSessionName=s&RoleArn=arn%3Aaws%3Aiam%3A%3A{}%3Arole%2Fx".format
    status, text, _ = ask(url, assume("210987654321").encode())
    key = text.split("<AccessKeyId>")[1].split("<")[0]
    assert status == 200 and key.startswith("ASIA") and len(key) == 20
    assert "<Account>210987654321</Account>" in ask(url, key=key)[1]
    status, text, _ = ask(url, assume("999999999999").encode())
    assert status == 403 and "AccessDenied" in text


def test_a_whole_organization_is_played_by_one_server(serve, tmp_path):
    """Three members without keys of their own, each in its own role; one with a key, whose role is told apart from it."""
    members = [f"30000000000{number}" for number in range(4)]
    options = []
    for number, account in enumerate(members):
        path = tmp_path / f"{account}.json"
        path.write_text(MEMBER.read_text(encoding="utf-8").replace("210987654321", account), encoding="utf-8")
        options += ["--access-key", f"AKIAFOURTH={path}" if number == 3 else path]
    url = serve(*options)
    assert "<Account>123456789012</Account>" in ask(url, key="AKIAFOURT")[1]
    assert f"<Account>{members[3]}</Account>" in ask(url, key="AKIAFOURTH")[1]
    keys = {}
    for account in members:
        text = ask(url, (f"Action=AssumeRole&Version=2011-06-15&RoleSessionName=s&RoleArn=arn%3Aaws%3Aiam%3A%3A{account}"
                         "%3Arole%2Faudit").encode(), key="AKIAPAYER")[1]
        keys[account] = text.split("<AccessKeyId>")[1].split("<")[0]
    assert len(set(keys.values())) == 4
    for account, key in keys.items():
        text = ask(url, key=key)[1]
        assert f"<Account>{account}</Account>" in text


def test_https_with_a_certificate_of_ones_own(serve, tmp_path):
    if not shutil.which("openssl"):
        pytest.skip("there is no openssl")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=IP:127.0.0.1", "-keyout", tmp_path / "key.pem", "-out", tmp_path / "cert.pem"],
                   capture_output=True, check=True)
    url = serve("--tls-cert", tmp_path / "cert.pem", "--tls-key", tmp_path / "key.pem")
    assert url.startswith("https://127.0.0.1:")
    done = subprocess.run([EXPORTCHECK, "check", "--snapshot", PAYER, "-o", "json"], capture_output=True, check=False)
    target = tmp_path / "target.json"
    target.write_text(json.dumps(json.loads(PAYER.read_text(encoding="utf-8"))["target"]), encoding="utf-8")
    live = subprocess.run([EXPORTCHECK, "check", "--target", target, "-o", "json"], capture_output=True, check=False, env={
        "PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "AWS_CA_BUNDLE": str(tmp_path / "cert.pem")})
    statuses = lambda text: [(result["rule"], result["status"]) for result in json.loads(text)["results"]]
    assert statuses(live.stdout) == statuses(done.stdout)


@pytest.mark.parametrize("options", [["--throttle", "2"], ["--fail", "x"], ["--latency", "-1"], ["--tls-cert", "x"],
                                     ["--access-key", "A=/nonexistent"]])
def test_mistakes_are_named(options):
    done = subprocess.run([EXPORTCHECK, "serve", PAYER, *options], capture_output=True, check=False, timeout=20)
    assert done.returncode == 2 and options[0].encode() in done.stderr
