"""No answer that is broken lets a rule pass: each call of the healthy account, made wrong in every way."""

import concurrent.futures
import json
import os
import pathlib
import subprocess

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
HEALTHY = pathlib.Path(__file__).resolve().parents[1] / "accounts" / "root-existing-cur2.json"
SNAPSHOT = json.loads(HEALTHY.read_text(encoding="utf-8"))
OPERATIONS = sorted({f"{call['service']}:{call['operation']}" for call in SNAPSHOT["calls"]})
MODES = ["denied", "http-500", "truncated", "html", "missing"]
ERRORS = [{"code": "AccessDenied", "message": "no", "http_status": 403},
          {"code": "InternalError", "message": "no", "http_status": 500},
          {"code": "BadAnswer", "message": "cut short", "http_status": 200}, None]
SECRET = "wJalrXUtnFEMI+K7MDENG+bPxRfiCYEXAMPLEKEY"
IN_PARALLEL = 2 * (os.cpu_count() or 1)


def results(*options, env=None):
    done = subprocess.run([EXPORTCHECK, "check", "--at", SNAPSHOT["created"], "-o", "json", *options],
                          capture_output=True, timeout=120, env=env, check=False)
    assert done.returncode in (0, 1, 3), done.stderr
    return json.loads(done.stdout)["results"]


def passing(found):
    return {(result["rule"], result["subject"]): {row["call"] for row in result["evidence"] if row["call"]}
            for result in found if result["status"] == "pass"}


@pytest.fixture(scope="module")
def before():
    found = passing(results("--snapshot", str(HEALTHY)))
    assert len(found) >= 15
    return found


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    path = tmp_path_factory.mktemp("target") / "target.json"
    path.write_text(json.dumps(SNAPSHOT["target"]), encoding="utf-8")
    return str(path)


def check_with_fault(operation, mode, target):
    server = subprocess.Popen([EXPORTCHECK, "serve", str(HEALTHY), "--fault", f"{operation}={mode}"],
                              stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        return results("--target", target, env={
            "PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ACCESS_KEY_ID": SNAPSHOT["caller"]["access_key_id"], "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ENDPOINT_URL": url, "AWS_MAX_ATTEMPTS": "1"})
    finally:
        server.terminate()
        assert server.wait(10) == 0


def mistakes(before, operation, found):
    """Rules that pass although they rest on the call that was broken."""
    now = passing(found)
    return ([f"{rule} ({subject}) passes, and rested on it" for (rule, subject), calls in before.items()
             if operation in calls and (rule, subject) in now] +
            [f"{rule} ({subject}) passes, and names it" for (rule, subject), calls in now.items() if operation in calls])


@pytest.mark.parametrize("mode", MODES)
def test_over_the_wire_no_rule_passes_on_a_broken_operation(before, target, mode):
    with concurrent.futures.ThreadPoolExecutor(IN_PARALLEL) as pool:
        runs = {operation: pool.submit(check_with_fault, operation, mode, target) for operation in OPERATIONS}
    wrong = {operation: mistakes(before, operation, run.result()) for operation, run in runs.items()}
    assert {operation: what for operation, what in wrong.items() if what} == {}


def test_every_operation_that_evidence_names_was_broken(before):
    named = set().union(*before.values())
    assert named <= set(OPERATIONS)
    assert len(named) >= 10


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error["code"] if error else "missing")
def test_no_single_broken_call_makes_a_rule_pass_or_is_passed_over(before, tmp_path, error):
    def check(index):
        broken = dict(SNAPSHOT, calls=list(SNAPSHOT["calls"]))
        call = broken["calls"].pop(index)
        if error:
            broken["calls"].insert(index, {**{k: v for k, v in call.items() if k != "answer"}, "error": error})
        path = tmp_path / f"{index}.json"
        path.write_text(json.dumps(broken), encoding="utf-8")
        return results("--snapshot", str(path))

    with concurrent.futures.ThreadPoolExecutor(IN_PARALLEL) as pool:
        runs = list(pool.map(check, range(len(SNAPSHOT["calls"]))))
    for call, found in zip(SNAPSHOT["calls"], runs):
        assert passing(found).keys() <= before.keys(), call
        for result in found:
            if result["status"] == "pass":
                bad = [row for row in result["evidence"] if row["state"] in ("denied", "failed", "not_collected")]
                assert bad == [], (call["operation"], result["rule"])
