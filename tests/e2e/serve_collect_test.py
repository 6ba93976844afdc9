"""collect(serve(S)) == S: a live collection from a played back snapshot gives the snapshot again."""

import json
import os
import pathlib
import subprocess

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
ACCOUNTS = sorted((pathlib.Path(__file__).resolve().parents[1] / "accounts").glob("*.json"))
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


def collect(snapshot, tmp_path, *options):
    target = tmp_path / "target.json"
    target.write_text(json.dumps(snapshot["target"]), encoding="utf-8")
    path = tmp_path / "played.json"
    path.write_text(json.dumps(snapshot), encoding="utf-8")
    key = snapshot["caller"]["access_key_id"]
    server = subprocess.Popen([EXPORTCHECK, "serve", str(path), "--access-key-id", key, "--check-clock", *options],
                              stdout=subprocess.PIPE, text=True,
                              env={**os.environ, "EXPORTCHECK_SERVE_SECRET_ACCESS_KEY": SECRET})
    try:
        url = server.stdout.readline().strip()
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "AWS_ACCESS_KEY_ID": key,
                       "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_EC2_METADATA_DISABLED": "true", "OPTSCALE_TOKEN": "token"}
        optscale = ["--optscale-url", url] if "optscale_url" in snapshot["target"] else []
        done = subprocess.run([EXPORTCHECK, "collect", "--all-facts", "--target", str(target), "--endpoint-url", url,
                               "--region", "us-east-1", *optscale, "--output", str(tmp_path / "collected.json")],
                              env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
    finally:
        server.terminate()
        assert server.wait(10) == 0
    return json.loads((tmp_path / "collected.json").read_text(encoding="utf-8"))


def calls(snapshot):
    """What makes two snapshots equal: operation, parameters, and answer or error code."""
    return {(call["service"], call["operation"], json.dumps(call["parameters"], sort_keys=True)):
            call["answer"] if "answer" in call else call["error"]["code"] for call in snapshot["calls"]}


@pytest.mark.parametrize("page_size", ["0", "1", "3"])
@pytest.mark.parametrize("account", ACCOUNTS, ids=[path.stem for path in ACCOUNTS])
def test_a_snapshot_is_collected_again(account, page_size, tmp_path):
    snapshot = json.loads(account.read_text(encoding="utf-8"))
    options = [] if page_size == "0" else ["--page-size", page_size]
    collected = collect(snapshot, tmp_path, *options)
    assert calls(collected) == calls(snapshot)
    assert collected["created"][:16] == snapshot["created"][:16]


@pytest.mark.parametrize("account", ACCOUNTS[:1], ids=[path.stem for path in ACCOUNTS[:1]])
def test_no_secret_is_in_what_was_collected(account, tmp_path):
    snapshot = json.loads(account.read_text(encoding="utf-8"))
    assert SECRET not in json.dumps(collect(snapshot, tmp_path))
