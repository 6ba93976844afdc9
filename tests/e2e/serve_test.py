"""`exportcheck serve` as a process: its first line, its silence, its end, its mistakes."""

import json
import os
import re
import signal
import subprocess
import urllib.error
import urllib.request

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")

SNAPSHOT = {
    "format": "exportcheck-snapshot/1",
    "created": "2026-11-22T10:00:00Z",
    "tool": "test",
    "target": {},
    "caller": {"access_key_id": "AKIDEXAMPLE"},
    "calls": [
        {"service": "s3", "operation": "ListObjectsV2", "region": "eu-west-1", "parameters": {"Bucket": "b"},
         "answer": {"Name": "b", "Contents": [{"Key": "k1"}, {"Key": "k2"}]}},
        {"service": "s3", "operation": "HeadObject", "region": "eu-west-1", "parameters": {"Bucket": "b", "Key": "k1"},
         "answer": {"ContentLength": 12345678901, "ETag": "\"x\""}},
        {"service": "s3", "operation": "GetBucketPolicy", "region": "eu-west-1", "parameters": {"Bucket": "b"},
         "error": {"code": "AccessDenied", "message": "Access Denied", "http_status": 403}},
    ],
}


@pytest.fixture
def snapshot(tmp_path):
    path = tmp_path / "snapshot.json"
    path.write_text(json.dumps(SNAPSHOT), encoding="utf-8")
    return str(path)


@pytest.fixture
def serve(snapshot):
    running = []

    def start(*options, environment=None):
        process = subprocess.Popen([EXPORTCHECK, "serve", snapshot, *options], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
        running.append(process)
        return process, process.stdout.readline().strip()

    yield start
    for process in running:
        process.kill()
        process.communicate()


def get(url, method="GET"):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_prints_its_url_is_silent_and_ends_in_order(serve, end):
    process, url = serve()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
    assert get(url + "/b?list-type=2")[0] == 200
    process.send_signal(end)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")


def test_verbose_logs_a_line_a_request(serve):
    process, url = serve("--verbose")
    get(url + "/b?policy")
    process.terminate()
    assert process.communicate(timeout=10)[1] == "exportcheck: 403 s3:GetBucketPolicy: AccessDenied\n"


def test_a_head_has_the_length_of_what_it_is_about(serve):
    _, url = serve()
    status, headers, body = get(url + "/b/k1", "HEAD")
    assert (status, headers["Content-Length"], headers["ETag"], body) == (200, "12345678901", '"x"', b"")


def test_the_page_size_is_kept(serve):
    _, url = serve("--page-size", "1")
    body = get(url + "/b?list-type=2")[2].decode()
    assert "k1" in body and "k2" not in body and "<IsTruncated>true</IsTruncated>" in body


def test_faults_break_single_answers(serve):
    _, url = serve("--fault", "s3:ListObjectsV2=html", "--fault", "s3:GetBucketPolicy=http-500")
    assert b"<html>" in get(url + "/b?list-type=2")[2]
    assert get(url + "/b?policy")[0] == 500


def test_faults_may_be_for_some_requests_only(serve):
    _, url = serve("--fault", "s3:ListObjectsV2/a=b/=denied")
    assert get(url + "/b?list-type=2&prefix=a%3Db%2F")[0] == 403
    assert get(url + "/b?list-type=2")[0] == 200


def test_requests_in_parallel_are_answered(serve):
    import concurrent.futures
    _, url = serve()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda _: get(url + "/b?list-type=2")[0], range(400)))
    assert statuses == [200] * 400


def test_the_secret_may_come_from_the_environment_or_a_file(serve, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("wJalrXUtnFEMI\n", encoding="utf-8")
    for options, environment in ((["--secret-file", str(secret)], {}),
                                 ([], {"EXPORTCHECK_SERVE_SECRET_ACCESS_KEY": "wJalrXUtnFEMI"})):
        _, url = serve("--access-key-id", "AKIDEXAMPLE", *options, environment=environment)
        status, _, body = get(url + "/b?list-type=2")
        assert status == 403 and b"<Code>AccessDenied</Code>" in body


@pytest.mark.parametrize("options, message", [
    (["--listen", "nowhere"], "ADDRESS:PORT"),
    (["--listen", "127.0.0.1:99999"], "ADDRESS:PORT"),
    (["--fault", "s3:ListObjectsV2=strange"], "strange"),
    (["--fault", "s3:PutObject=denied"], "s3:PutObject"),
    (["--access-key-id", "A"], "EXPORTCHECK_SERVE_SECRET_ACCESS_KEY"),
])
def test_mistakes_end_with_status_2(snapshot, options, message):
    done = subprocess.run([EXPORTCHECK, "serve", snapshot, *options], capture_output=True, text=True, timeout=10)
    assert done.returncode == 2 and message in done.stderr and done.stdout == ""


def test_a_snapshot_that_is_none_ends_with_status_2(tmp_path):
    path = tmp_path / "x.json"
    path.write_text("{}", encoding="utf-8")
    done = subprocess.run([EXPORTCHECK, "serve", str(path)], capture_output=True, text=True, timeout=10)
    assert done.returncode == 2 and "x.json" in done.stderr
