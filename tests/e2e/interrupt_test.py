"""A live check that is interrupted: status 130, nothing half-written, and never a core file."""

import os
import signal
import socket
import subprocess

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")


@pytest.fixture
def silence():
    """An address that accepts and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(30)
        yield listener


def start(url, *options, cwd):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true",
                   "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "x" * 40,
                   "AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": url}
    return subprocess.Popen([os.path.abspath(EXPORTCHECK), "check", "--bucket", "acme-billing", "--export-name",
                             "optscale", *options], cwd=cwd, env=environment, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)


def waiting(silence, tmp_path):
    """A check with three reports that waits for its first answer, and the files that are there then."""
    (tmp_path / "old.html").write_text("yesterday's", encoding="utf-8")
    process = start("http://127.0.0.1:%d" % silence.getsockname()[1], "-o", "json=new.json", "-o", "html=old.html",
                    "-o", "junit=new.xml", "--save-snapshot", "snapshot.json", cwd=tmp_path)
    connection, _ = silence.accept()
    return process, connection


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_check_leaves_nothing_half_written(silence, tmp_path, number):
    process, connection = waiting(silence, tmp_path)
    with connection:
        beside = [path.name for path in tmp_path.iterdir() if path.suffix == ".tmp"]
        assert len(beside) == 3
        process.send_signal(number)
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert output == b""
    assert [path.name for path in tmp_path.iterdir()] == ["old.html"]
    assert (tmp_path / "old.html").read_text(encoding="utf-8") == "yesterday's"


@pytest.mark.skipif(not os.path.exists("/proc/self/limits"), reason="needs /proc")
def test_no_core_file_while_credentials_are_in_memory(silence, tmp_path):
    process, connection = waiting(silence, tmp_path)
    with connection:
        with open(f"/proc/{process.pid}/limits", encoding="utf-8") as limits:
            core = [line.split()[4:6] for line in limits if line.startswith("Max core file size")]
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert core == [["0", "0"]]


def test_a_signal_that_is_ignored_stays_ignored(silence, tmp_path):
    """As nohup asks for: SIGHUP does not end the check."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process, connection = waiting(silence, tmp_path)
    finally:
        signal.signal(signal.SIGHUP, before)
    with connection:
        process.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=0.3)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGINT
