"""`exportcheck collect` against `exportcheck serve`: collect(serve(S)) == S, over the real protocols."""

import glob
import json
import os
import re
import subprocess

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
ACCOUNTS = sorted(glob.glob("tests/accounts/*.json"))
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def identity(call):
    return (call["service"], call["operation"], json.dumps(call["parameters"], sort_keys=True))


def content(call):
    return call["error"]["code"] if "error" in call else call["answer"]


def calls(snapshot):
    return {identity(call): content(call) for call in snapshot["calls"]}


def environment(url="", **more):
    """Nothing of the machine's own AWS setup."""
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": url, "OPTSCALE_TOKEN": "optscale-token-0123456789", **more}


def collect(*options, env=None):
    return subprocess.run([EXPORTCHECK, "collect", *options], capture_output=True, text=True, timeout=120,
                          env=env or environment())


@pytest.fixture
def serve():
    running = []

    def start(path):
        process = subprocess.Popen([EXPORTCHECK, "serve", path, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
                                   text=True)
        running.append(process)
        return process.stdout.readline().strip()

    yield start
    for process in running:
        process.terminate()
        process.communicate()


def target_file(tmp_path, snapshot, url):
    target = dict(snapshot["target"])
    if "optscale_url" in target:
        target["optscale_url"] = url
    path = tmp_path / "target.json"
    path.write_text(json.dumps(target), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "ap-south-1"])
@pytest.mark.parametrize("path", ACCOUNTS)
def test_collecting_what_is_served_gives_the_snapshot_again(serve, tmp_path, path, region):
    with open(path, encoding="utf-8") as file:
        snapshot = json.load(file)
    url = serve(path)
    output = tmp_path / "collected.json"
    done = collect("--all-facts", "--target", target_file(tmp_path, snapshot, url), "--output", str(output),
                   env=environment(url, AWS_REGION=region))
    assert done.returncode == 0, done.stderr
    text = output.read_text(encoding="utf-8")
    collected = json.loads(text)
    wanted = {key: value for key, value in calls(collected).items() if key in calls(snapshot)}
    assert wanted == calls(snapshot)
    assert calls(collected) == calls(snapshot)
    assert collected["created"][:16] == snapshot["created"][:16]  # serve's clock runs on
    assert collected["caller"]["access_key_id"] == "AKIAIOSFODNN7EXAMPLE"
    assert SECRET not in text and "optscale-token" not in text
    assert os.stat(output).st_mode & 0o777 == 0o600


@pytest.mark.parametrize("path", ACCOUNTS)
def test_collecting_from_a_snapshot_gives_the_same_bytes_again(tmp_path, path):
    first, second = str(tmp_path / "1.json"), str(tmp_path / "2.json")
    assert collect("--snapshot", path, "--output", first).returncode == 0
    assert collect("--snapshot", first, "--output", second).returncode == 0
    with open(first, "rb") as a, open(second, "rb") as b:
        assert a.read() == b.read()


def test_what_a_snapshot_lacks_is_not_recorded(serve, tmp_path):
    """Also for HEAD requests, whose errors have no body."""
    with open(ACCOUNTS[0], encoding="utf-8") as file:
        snapshot = json.load(file)
    lacking = ("HeadBucket", "HeadObject", "GetBucketAcl", "GetUser", "ListAccounts")
    snapshot["calls"] = [call for call in snapshot["calls"] if call["operation"] not in lacking]
    path = tmp_path / "lacking.json"
    path.write_text(json.dumps(snapshot), encoding="utf-8")
    url = serve(str(path))
    done = collect("--all-facts", "--target", target_file(tmp_path, snapshot, url), env=environment(url))
    assert done.returncode == 0, done.stderr
    assert calls(json.loads(done.stdout)) == calls(snapshot)


def test_a_refused_call_is_recorded_and_told(tmp_path):
    with open(ACCOUNTS[0], encoding="utf-8") as file:
        snapshot = json.load(file)
    for call in snapshot["calls"]:
        if call["operation"] == "DescribeOrganization":
            call.pop("answer", None)
            call["error"] = {"code": "AccessDeniedException", "message": "no", "http_status": 400}
    path = tmp_path / "refused.json"
    path.write_text(json.dumps(snapshot), encoding="utf-8")
    done = collect("--all-facts", "--snapshot", str(path))
    assert done.returncode == 0
    assert "organizations:DescribeOrganization: AccessDeniedException: no" in done.stderr
    assert json.loads(done.stdout)["calls"]


@pytest.mark.parametrize("options, status, message", [
    (["--bukcet", "x"], 2, "--bucket"),
    (["--scenario", "root-exsting"], 2, "root-existing"),
    (["--account-id", "1"], 2, "12 digits"),
    (["--snapshot", "/nonexistent.json"], 2, "/nonexistent.json"),
    (["--target", "/nonexistent.json"], 2, "/nonexistent.json"),
    (["--connected-accounts", "/nonexistent.csv"], 2, "/nonexistent.csv"),
    (["extra"], 2, "operand"),
])
def test_mistakes_end_with_their_status_and_the_nearest_name(options, status, message):
    done = collect(*options)
    assert (done.returncode, done.stdout) == (status, "")
    assert message in done.stderr


def test_without_credentials_nothing_is_read():
    env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true"}
    done = collect(env=env)
    assert (done.returncode, done.stdout) == (2, "")
    assert "credentials" in done.stderr


def test_a_file_that_cannot_be_written_is_a_failure():
    done = collect("--snapshot", ACCOUNTS[0], "--output", "/nonexistent/folder/s.json")
    assert done.returncode == 4


def test_optscale_without_a_token_is_a_mistake():
    env = environment("http://127.0.0.1:1")
    del env["OPTSCALE_TOKEN"]
    done = collect("--optscale-url", "https://optscale.example.com", env=env)
    assert done.returncode == 2
    assert "OPTSCALE_TOKEN" in done.stderr


def test_what_was_read_is_told_in_a_line_and_quiet_tells_nothing(tmp_path):
    snapshot, out = "tests/accounts/root-existing-cur2.json", str(tmp_path / "snapshot.json")
    told = collect("--snapshot", snapshot, "--output", out)
    assert told.returncode == 0 and told.stdout == ""
    assert re.fullmatch(re.escape(out) + r": \d{2,} calls, 0 refused\n", told.stderr)
    assert collect("--snapshot", snapshot, "--output", out, "--quiet").stderr == ""


def test_a_folder_that_is_not_there_is_told_before_the_account_is_read(tmp_path):
    path = str(tmp_path / "nothing" / "snapshot.json")
    done = collect("--endpoint-url", "http://127.0.0.1:1", "--output", path)
    assert done.returncode == 4 and path in done.stderr and "127.0.0.1" not in done.stderr
