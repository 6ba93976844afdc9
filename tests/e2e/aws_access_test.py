"""AWS access that ends in time, tells whose trouble it is, and shows what it did."""

import concurrent.futures
import contextlib
import fcntl
import gzip
import http.server
import json
import os
import pathlib
import pty
import re
import resource
import select
import signal
import socket
import subprocess
import termios
import threading
import time

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
INSTRUMENTED = b"__asan_init" in pathlib.Path(EXPORTCHECK).read_bytes() # which takes memory, and catches signals
ACCOUNT = pathlib.Path("tests/accounts/root-existing-cur2.json")
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET}
SESSION = {**KEYS, "AWS_SESSION_TOKEN": "FwoGZXIvYXdzEJrEXAMPLETOKEN"}
TARGET = ["--bucket", "acme-billing", "--export-name", "optscale", "--prefix", "cur2", "--principal", "optscale"]


def run(command, *options, environment=KEYS, timeout=60):
    """The program with no environment but what is given."""
    return subprocess.run([EXPORTCHECK, command, *TARGET, *options], capture_output=True, text=True, timeout=timeout,
                          env={"HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true", "PATH": os.environ["PATH"],
                               **environment})


def measured(*options, timeout=60):
    """A check with what it took: results by rule, seconds, and the most memory it had, in MB."""
    started = time.monotonic()
    process = subprocess.Popen([EXPORTCHECK, "check", *TARGET, "-o", "jsonl", *options], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True,
                               env={"HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true", **KEYS})
    output = process.stdout.read()
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    results = [json.loads(line) for line in output.splitlines()]
    return process.returncode, [r for r in results if "rule" in r], time.monotonic() - started, \
        usage.ru_maxrss / 1024, errors


@contextlib.contextmanager
def server(answer, address="127.0.0.1"):
    """An HTTP server; `answer(handler)` answers each request."""
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with contextlib.suppress(OSError):
                answer(self)

        do_GET = do_HEAD = do_PUT = do_POST

        def log_message(self, *values):
            pass

        def reply(self, status, body, headers=()):
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *values):
            pass

    running = Server((address, 0), Handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://{address}:{running.server_port}"
    running.shutdown()
    running.server_close()


@contextlib.contextmanager
def served(path=ACCOUNT, *options):
    process = subprocess.Popen([EXPORTCHECK, "serve", str(path), "--listen", "127.0.0.1:0", *options],
                               stdout=subprocess.PIPE, text=True)
    yield process.stdout.readline().strip()
    process.kill()
    process.wait()


# --- whose trouble it is -------------------------------------------------------------------------

NO_HOST = "x" * 64 + ".invalid" # too long for a name, so that no name server is waited for


@pytest.mark.parametrize("options, environment, says", [
    (["--region", "x y"], {}, "'x y' is no region"),
    (["--endpoint-url", "localhost:99"], {}, "no URL of the form"),
    (["--endpoint-url", "http://example.com"], {}, "--insecure-endpoint"),
    ([], {"AWS_ENDPOINT_URL_IAM": "http://10.1.2.3"}, "in clear text"),
    ([], {"AWS_ENDPOINT_URL_S3": "s3.example.com"}, "no URL of the form"),
    ([], {"AWS_CA_BUNDLE": "/nonexistent/ca.pem"}, "AWS_CA_BUNDLE (ca_bundle): /nonexistent/ca.pem: No such file"),
    (["--endpoint-url", "https://127.0.0.1:9"], {"AWS_USE_FIPS_ENDPOINT": "true"}, "cannot be combined with FIPS"),
    (["--endpoint-url", "https://127.0.0.1:9"], {"AWS_USE_DUALSTACK_ENDPOINT": "true"}, "with dual-stack"),
    (["--endpoint-url", f"https://{NO_HOST}"], {}, f"Could not resolve host: {NO_HOST}"),
    (["--timeout", "-1"], {}, "--timeout takes"),
    (["--max-connections", "100000"], {}, "--max-connections takes"),
])
def test_a_setting_that_cannot_work_is_one_line_and_status_2(options, environment, says):
    done = run("check", *options, environment={**KEYS, **environment})
    assert done.returncode == 2 and done.stdout == ""
    assert says in done.stderr and done.stderr.count("\n") == 1


def refusing(code):
    body = f"<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>".encode()
    return lambda handler: handler.reply(403, body, [("Content-Type", "text/xml")])


@pytest.mark.parametrize("command", ["check", "collect"])
@pytest.mark.parametrize("code, environment, says", [
    ("ExpiredToken", SESSION, "your AWS session has ended"),
    ("InvalidClientTokenId", KEYS, "AWS does not accept your own credentials"),
])
def test_the_callers_own_trouble_is_no_finding(command, code, environment, says):
    with server(refusing(code)) as url:
        done = run(command, "--endpoint-url", url, environment=environment)
    assert done.returncode == 2 and done.stdout == ""
    assert says in done.stderr and code in done.stderr and done.stderr.count("\n") == 1
    assert "OptScale" not in done.stderr


def test_plain_http_to_another_machine_can_be_allowed():
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as away: # sends nothing: it asks for the way
            away.connect(("192.0.2.1", 9))
            address = away.getsockname()[0]
    except OSError:
        pytest.skip("this machine has no address but loopback")
    with server(refusing("ExpiredToken"), address) as url:
        assert "--insecure-endpoint" in run("check", "--endpoint-url", url).stderr
        done = run("check", "--endpoint-url", url, "--insecure-endpoint", environment=SESSION)
    assert done.returncode == 2 and "your AWS session has ended" in done.stderr


def test_an_answer_in_gzip_that_nobody_asked_for_is_read():
    packed = [("Content-Type", "text/xml"), ("Content-Encoding", "gzip")]
    with server(lambda handler: handler.reply(200, gzip.compress(IDENTITY), packed)) as url:
        done = run("collect", "--endpoint-url", url)
    calls = {call["operation"]: call for call in json.loads(done.stdout)["calls"]}
    assert calls["GetCallerIdentity"]["answer"]["Account"] == "123456789012"


# --- time and memory -----------------------------------------------------------------------------


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"<a>" * 20000)


def a_byte_a_second(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while True:
        handler.wfile.write(b"<")
        handler.wfile.flush()
        time.sleep(1)


def hanging(handler):
    time.sleep(30)


IDENTITY = (b"<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account><UserId>A</UserId>"
            b"<Arn>arn:aws:iam::123456789012:user/u</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>")
LISTS = {"ListExports": "Exports", "DescribeReportDefinitions": "ReportDefinitions", "ListAccounts": "Accounts"}


def pages_without_end(handler):
    """Every list has another page, for ever; what is no list is refused."""
    token = str(time.monotonic_ns())
    name = handler.headers.get("X-Amz-Target", "").partition(".")[2]
    action = re.search(rb"Action=(List\w+)", handler.body)
    if b"GetCallerIdentity" in handler.body:
        handler.reply(200, IDENTITY)
    elif handler.command == "HEAD":
        handler.reply(200, b"")
    elif "list-type=2" in handler.path:
        rows = "".join(f"<Contents><Key>cur2/k{n}</Key><Size>1</Size></Contents>" for n in range(1000))
        handler.reply(200, f"<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>{token}"
                           f"</NextContinuationToken>{rows}</ListBucketResult>".encode())
    elif name in LISTS:
        handler.reply(200, json.dumps({LISTS[name]: [{"Id": "1"}] * 500, "NextToken": token}).encode())
    elif action:
        action = action.group(1).decode()
        handler.reply(200, f"<{action}Response><{action}Result><IsTruncated>true</IsTruncated><Marker>{token}</Marker>"
                           f"</{action}Result></{action}Response>".encode())
    elif name:
        handler.reply(400, b'{"__type": "AccessDeniedException"}')
    else:
        handler.reply(403, b"<Error><Code>AccessDenied</Code></Error>")


# What is decided by the options alone, and by the calls that pages_without_end() does answer.
OF_THE_TARGET = {"bucket-name-valid"}
OF_THE_CALLER = {"caller-identity", "caller-not-root-user", "account-in-commercial-partition", "bucket-exists",
                 "export-name-valid", "export-prefix-valid"}


@pytest.mark.parametrize("misbehaves, decided", [
    (endless, OF_THE_TARGET), (a_byte_a_second, OF_THE_TARGET), (hanging, OF_THE_TARGET),
    (pages_without_end, OF_THE_TARGET | OF_THE_CALLER)],
    ids=lambda value: getattr(value, "__name__", ""))
def test_what_does_not_end_is_over_in_time_and_unknown(misbehaves, decided):
    with server(misbehaves) as url:
        status, results, seconds, megabytes, errors = measured("--endpoint-url", url, "--timeout", "1")
    assert status == 3 and seconds < 1 + 8 # without --timeout it would be minutes; the machine may be busy
    assert megabytes < (600 if INSTRUMENTED else 300), megabytes
    assert {r["rule"] for r in results if r["status"] not in ("unknown", "skip")} <= decided


def test_out_of_time_is_said():
    with server(hanging) as url:
        done = run("check", "--endpoint-url", url, "--timeout", "1", "-o", "json")
    assert done.returncode == 3
    assert "OutOfTime" in done.stdout and "--timeout" in done.stdout


# --- bad weather -----------------------------------------------------------------------------------


WEATHER = ["--throttle", "0.3", "--fail", "InternalError:0.1", "--drop", "0.05"]


def verdicts(url):
    """Of rules that few calls decide: what throttles is waited for in seconds of the clock."""
    rules = ["bucket-exists", "export-exists", "export-name-valid", "export-includes-resource-ids", "caller-not-root-user"]
    done = run("check", "--endpoint-url", url, "--timeout", "60", "-o", "jsonl", *(f"--rule={rule}" for rule in rules), timeout=90)
    assert done.returncode in (0, 1, 3), done.stderr
    results = [json.loads(line) for line in done.stdout.splitlines()]
    return {(r["rule"], json.dumps(r["subject"])): r["status"] for r in results if "rule" in r}


def in_weather(seed):
    with served(ACCOUNT, *WEATHER, "--seed", str(seed)) as url:
        return verdicts(url)


def test_bad_weather_changes_no_verdict():
    """Some seeds; tests/bench/weather.py tries two hundred, of all rules and accounts."""
    with served() as url:
        quiet = verdicts(url)
    assert len(quiet) >= 5 and "unknown" not in quiet.values()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        tried = list(pool.map(in_weather, range(8)))
    for found in tried:
        assert all(status in ("unknown", quiet.get(key)) for key, status in found.items())
    assert sum(found == quiet for found in tried) >= 7


# --- what is seen --------------------------------------------------------------------------------


def test_the_ledger_has_a_line_for_each_call_and_the_summary_one_for_all(tmp_path):
    ledger = tmp_path / "ledger.jsonl"
    with served() as url:
        done = run("check", "--endpoint-url", url, "--ledger", str(ledger), "--verbose", environment=SESSION)
        snapshot = json.loads(run("collect", "--endpoint-url", url).stdout)
    rows = [json.loads(line) for line in ledger.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == len(snapshot["calls"])
    assert {row["call"] for row in rows} == {f"{c['service']}:{c['operation']}" for c in snapshot["calls"]}
    by_id = {row["id"]: row for row in rows}
    for row in rows:
        assert row["host"] in url and row["requests"] >= 1 and row["sent_ms"] <= row["ended_ms"]
        assert row["after"] == 0 or by_id[row["after"]]["ended_ms"] <= row["submitted_ms"] + 1

    def depth(row):
        return 1 + (depth(by_id[row["after"]]) if row["after"] else 0)
    longest = max(depth(row) for row in rows)
    summary = rf"{len(rows)} calls in \d+ requests, \d+ bytes, \d+ ms; the longest chain has {longest} calls"
    assert re.search(summary, done.stderr), done.stderr
    assert oct(ledger.stat().st_mode & 0o777) == "0o600"
    for text in (ledger.read_text(encoding="utf-8"), done.stdout, done.stderr):
        assert SECRET not in text and SESSION["AWS_SESSION_TOKEN"] not in text and "Signature" not in text


def test_a_ledger_that_cannot_be_written_is_a_failure(tmp_path):
    with served() as url:
        assert run("check", "--endpoint-url", url, "--ledger", str(tmp_path / "no" / "ledger")).returncode == 4
        if os.path.exists("/dev/full"):
            assert run("check", "--endpoint-url", url, "--ledger", "/dev/full").returncode == 4


def test_tries_are_told_once_a_service():
    seen = {}

    def throttling(handler):
        seen[handler.body] = seen.get(handler.body, 0) + 1
        if seen[handler.body] == 1:
            handler.reply(400, b"<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>")
        else:
            handler.reply(403, b"<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")
    with server(throttling) as url:
        done = run("check", "--endpoint-url", url, "--verbose", "--rule", "caller-identity")
    assert done.stderr.count("sts throttles: it is asked more slowly") == 1
    assert "sts was asked again 1 times after throttling" in done.stderr


# --- secrets ---------------------------------------------------------------------------------------


ASSUMED, AGREED = "secret-of-the-assumed-role", "agreed-upon-with-the-roles-owner"


def an_assumed_role(handler):
    """STS alone: everything else is refused."""
    if b"Action=AssumeRole" in handler.body:
        handler.reply(200, f"<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>"
                           f"<SecretAccessKey>{ASSUMED}</SecretAccessKey><SessionToken>token-{ASSUMED}</SessionToken>"
                           f"<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>"
                           f"</AssumeRoleResponse>".encode())
    elif b"GetCallerIdentity" in handler.body:
        handler.reply(200, IDENTITY)
    else:
        handler.reply(403, b"<Error><Code>AccessDenied</Code></Error>")


def test_no_byte_of_what_is_written_is_a_secret(tmp_path):
    formats = ["json", "jsonl", "junit", "html", "sarif", "markdown", "csv", "ocsf", "text"]
    outputs = [part for name in formats for part in ("-o", f"{name}={tmp_path / name}")]
    options = ["--assume-role", "arn:aws:iam::123456789012:role/r", "--external-id", AGREED, "--timeout", "20",
               "--max-connections", "4", "--ledger", str(tmp_path / "ledger"), "--verbose"]
    with server(an_assumed_role) as url:
        done = run("check", "--endpoint-url", url, *options, "--save-snapshot", str(tmp_path / "snapshot"), *outputs,
                   environment=SESSION)
        shown = run("check", "--endpoint-url", url, *options, "--show-config", environment=SESSION)
    assert done.returncode in (1, 3) and shown.returncode == 0 and "ASIAROLE" in shown.stdout
    assert "--external-id EXTERNAL_ID" in (tmp_path / "json").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in (tmp_path / "ledger").read_text(encoding="utf-8").splitlines()]
    assert [row["status"] for row in rows if row.get("authentication") == "sts:AssumeRole"] == [200]
    written = [path.read_bytes() for path in tmp_path.iterdir()]
    assert len(written) == len(formats) + 2
    for text in written + [part.encode() for part in (done.stdout, done.stderr, shown.stdout, shown.stderr)]:
        for secret in (SECRET, SESSION["AWS_SESSION_TOKEN"], ASSUMED, AGREED, "Signature="):
            assert secret.encode() not in text


# --- prompts ---------------------------------------------------------------------------------------


CODE = "271828"
DEVICE = "arn:aws:iam::123456789012:mfa/u"


@pytest.fixture(name="mfa")
def make_mfa_profile(tmp_path):
    """The environment of a profile whose role asks for a code."""
    config = tmp_path / "config"
    config.write_text(f"[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = {SECRET}\n[profile p]\n"
                      f"role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\nmfa_serial = {DEVICE}\n",
                      encoding="utf-8")
    return {"HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": str(config), "AWS_PROFILE": "p",
            "AWS_DEFAULT_REGION": "us-east-1"}


class OnTerminal:
    """The program with a terminal of its own, which input and output are no part of."""

    def __init__(self, environment, *options, command=("check", *TARGET)):
        self.ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [EXPORTCHECK, *command, *options], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True, pass_fds=[theirs],
            preexec_fn=lambda: fcntl.ioctl(theirs, termios.TIOCSCTTY, 0))
        self.theirs = theirs
        self.shown = ""

    def wait_for(self, text):
        end = time.monotonic() + 20
        while text not in self.shown:
            assert time.monotonic() < end, self.shown
            if select.select([self.ours], [], [], 0.1)[0]:
                self.shown += os.read(self.ours, 4096).decode()

    def type(self, text):
        os.write(self.ours, text.encode())

    def echoes(self):
        return bool(termios.tcgetattr(self.theirs)[3] & termios.ECHO)

    def end(self):
        out, errors = self.process.communicate(timeout=30)
        if select.select([self.ours], [], [], 0.1)[0]:
            self.shown += os.read(self.ours, 4096).decode()
        assert self.echoes()
        os.close(self.ours)
        os.close(self.theirs)
        return self.process.returncode, out, errors


def test_the_code_of_an_mfa_device_is_asked_for_on_the_terminal(mfa, tmp_path):
    asked = []

    def remembering(handler):
        asked.append(handler.body.decode())
        an_assumed_role(handler)
    with server(remembering) as url:
        terminal = OnTerminal(mfa, "--endpoint-url", url, "--verbose", "--ledger", str(tmp_path / "ledger"), "-o", "json")
        terminal.wait_for(f"MFA code of {DEVICE}: ")
        assert not terminal.echoes()
        terminal.type(CODE + "\n")
        status, out, errors = terminal.end()
    assert status in (1, 3) and json.loads(out)
    first, = (body for body in asked if "AssumeRole" in body)
    assert f"TokenCode={CODE}" in first and "SerialNumber=arn%3Aaws%3Aiam%3A%3A123456789012%3Amfa%2Fu" in first
    for text in (out, errors, terminal.shown, (tmp_path / "ledger").read_text(encoding="utf-8")):
        assert CODE not in text and SECRET not in text and ASSUMED not in text


def test_a_prompt_that_is_broken_off_leaves_the_terminal_as_it_was(mfa):
    terminal = OnTerminal(mfa)
    terminal.wait_for("MFA code")
    terminal.type("\x03")
    assert terminal.end()[0] in (-signal.SIGINT, 128 + signal.SIGINT)


@pytest.mark.parametrize("typed, options", [("\n", []), ("\x04", []), ("", ["--timeout", "1"])])
def test_a_prompt_that_nobody_answers_ends(mfa, typed, options):
    terminal = OnTerminal(mfa, *options)
    terminal.wait_for("MFA code")
    terminal.type(typed)
    status, out, errors = terminal.end()
    assert status == 2 and out == "" and "nothing was given at the prompt" in errors and errors.count("\n") == 1


@pytest.mark.parametrize("options, says", [
    ([], "a code of an MFA device (mfa_serial), and there is no terminal to ask on: get keys with `aws configure"),
    (["--optscale-url", "https://optscale.example.com", "--optscale-email", "a@example.com"],
     "no terminal to ask for OptScale's password on: name a file with --optscale-password-file"),
])
def test_without_a_terminal_each_prompt_says_what_to_do_instead(mfa, options, says):
    done = subprocess.run([EXPORTCHECK, "check", *TARGET, *options], capture_output=True, text=True, env=mfa, timeout=30,
                          start_new_session=True, check=False)
    assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1


def test_of_many_targets_none_asks_and_nor_does_the_program_alone(mfa, tmp_path):
    (tmp_path / "targets.jsonl").write_text('{"name": "a", "bucket": "acme-billing", "profile": "p"}\n', encoding="utf-8")
    for command in (["check", "--targets", str(tmp_path / "targets.jsonl"), "-o", "json"], []):
        terminal = OnTerminal(mfa, command=command)
        status, out, errors = terminal.end()
        assert status in (1, 2, 3) and terminal.shown == "" and "asks for a code of an MFA" in " ".join((out + errors).split())


@pytest.mark.skipif(INSTRUMENTED, reason="the sanitizer catches the signal itself")
def test_a_crash_leaves_no_core_file(tmp_path):
    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    arguments = [os.path.abspath(EXPORTCHECK), "check", *TARGET]
    with server(hanging) as url:
        process = subprocess.Popen([*arguments, "--endpoint-url", url], cwd=tmp_path, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, env={"HOME": "/nonexistent", **SESSION},
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, unlimited))
        time.sleep(0.5)
        assert process.poll() is None
        process.send_signal(signal.SIGSEGV)
        assert process.wait(10) == -signal.SIGSEGV
    assert list(tmp_path.iterdir()) == []
