"""What OptScale will do follows from what it may do; and what a snapshot lacks never stands before the real cause."""

import json
import os
import pathlib
import subprocess

import pytest

EXPORTCHECK = os.path.abspath(os.environ.get("EXPORTCHECK", "build/dev/exportcheck"))
ACCOUNT = pathlib.Path(__file__).resolve().parents[1] / "accounts/root-existing-cur2.json"
DENY = {"Effect": "Deny", "Principal": "*", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::acme-billing",
        "Condition": {"StringLike": {"s3:prefix": "cur2/*"}}}


def check(tmp_path, change=lambda call: None, *options):
    snapshot = json.loads(ACCOUNT.read_text(encoding="utf-8"))
    for call in snapshot["calls"]:
        change(call)
    path = tmp_path / "snapshot.json"
    path.write_text(json.dumps(snapshot), encoding="utf-8")
    done = subprocess.run([EXPORTCHECK, "check", "--snapshot", path, *options, "-o", "json"], capture_output=True, text=True, check=False)
    return json.loads(done.stdout)


def refuse(*operations):
    def change(call):
        if call["operation"] in operations:
            call.pop("answer", None)
            call["error"] = {"code": "AccessDenied", "http_status": 403}
    return change


def detach(call):
    if call["operation"] == "ListAttachedUserPolicies":
        call["answer"]["AttachedPolicies"] = []
    if call["operation"] == "ListUserPolicies":
        call["answer"]["PolicyNames"] = []


def deny_listing(call):
    if call["operation"] == "GetBucketPolicy":
        call["answer"]["Policy"]["Statement"].append(DENY)


def test_a_healthy_account_connects_and_imports(tmp_path):
    optscale = check(tmp_path)["optscale"]
    assert (optscale["connect"]["ok"], optscale["discovery"]["ok"]) == (True, True)


@pytest.mark.parametrize("change", [detach, deny_listing], ids=["all policies detached", "the bucket's policy denies the listing"])
def test_who_may_not_is_told_so_in_optscales_own_words(change, tmp_path):
    run = check(tmp_path, change)
    connect = run["optscale"]["connect"]
    assert connect["ok"] is False and "Not enough permissions to" in connect["error"]
    statuses = {result["rule"]: result["status"] for result in run["results"]}
    assert statuses["permission-read-bucket"] == "fail"


@pytest.mark.parametrize("operations", [["ListAttachedUserPolicies"], ["GetPolicyVersion"], ["ListUserPolicies", "ListGroupsForUser"]])
def test_what_nobody_may_read_lets_nobody_predict(operations, tmp_path):
    run = check(tmp_path, refuse(*operations))
    statuses = {result["rule"]: result["status"] for result in run["results"]}
    assert statuses["permission-read-bucket"] == "unknown"
    assert (run.get("optscale") or {}).get("connect", {}).get("ok") is not True


@pytest.mark.parametrize("options", [["--prefix", "other"], ["--export-name", "other"], ["--bucket", "acme-other"]])
def test_what_the_snapshot_lacks_comes_after_what_is_wrong(options, tmp_path):
    run = check(tmp_path, lambda call: None, *options)
    causes = run["root_causes"]
    lacking = [i for i, cause in enumerate(causes) if "snapshot was read for" in cause["title"]]
    wrong = [i for i, cause in enumerate(causes) if cause["status"] == "fail" and not cause.get("advice")]
    assert wrong or options[0] == "--bucket"
    assert all(i > j for i in lacking for j in wrong)
    assert all("NotInSnapshot" not in cause["title"] for cause in causes)
