"""The OptScale user's own view: what its key and the documentation's two policies alone tell of a healthy account."""

import html
import json
import subprocess

import pytest
from serve_as_test import CUR2, EXPORTCHECK, ROOT, account_file, answer, changed, check, read, serve

DOCUMENTED = sorted({action for name in ("read-bucket", "discover-resources")
                     for statement in read(ROOT / "rules" / "policies" / f"{name}.json")["policy"]["Statement"] for action in statement["Action"]})
RULES = {"s3:GetObject": "permission-read-bucket", "s3:ListBucket": "permission-read-bucket", "s3:GetBucketLocation": "permission-read-bucket"}
# Each way in which AWS delivers, to an account that is otherwise set up as the documentation says, by the two policies alone.
TYPES = {"CUR 2.0, CSV": CUR2, "CUR 2.0, Parquet": account_file("root-existing-nested"), "legacy, CSV": account_file("root-existing-legacy"),
         "legacy, Parquet": account_file("root-existing-athena")}
# The query of a Data Export stands in its definition alone, which the two policies do not show.
NOBODY_TELLS = {"export-selects-all-rows"}


def without(account, action):
    """The account with one action less in every policy, taken from a list, so that nothing else changes."""
    documents = [document for call in account["calls"] if (answered := call.get("answer"))
                 for document in (answered.get("PolicyVersion", {}).get("Document"), answered.get("PolicyDocument")) if document]
    for statement in [statement for document in documents for statement in document["Statement"]]:
        if isinstance(statement["Action"], list):
            statement["Action"] = [word for word in statement["Action"] if word != action] or ["sts:GetCallerIdentity"]


HEALTHY = TYPES | {"policies by groups": account_file("root-existing-groups"), "under a KMS key": account_file("root-existing-kms")}


@pytest.fixture(scope="module", params=HEALTHY.values(), ids=HEALTHY.keys())
def own_view(request):
    with serve(request.param, "optscale") as url:
        return check(url, read(request.param))


def test_most_of_a_healthy_account_is_decided_in_the_users_own_view_and_nothing_fails(own_view):
    statuses = [(result["status"], result["severity"], result["rule"]) for result in own_view["results"]]
    assert [row for row in statuses if row[0] in ("fail", "pending")] == []
    assert len([row for row in statuses if row[0] == "unknown"]) <= 10
    assert {rule for status, severity, rule in statuses if (status, severity) == ("unknown", "critical")} <= NOBODY_TELLS


@pytest.mark.parametrize("output_format", ["text", "html", "markdown"])
def test_the_report_says_whose_view_it_is_and_what_an_admin_runs(own_view, output_format):
    command = own_view["admin_command"]
    assert command.startswith("exportcheck check ") and "--profile ADMIN" in command and "--snapshot" not in command
    done = subprocess.run([EXPORTCHECK, "report", "render", "-", "-o", output_format], input=json.dumps(own_view), capture_output=True, text=True, check=True, timeout=20)
    text = " ".join(html.unescape(done.stdout).split())
    assert "what passes was answered to its key, or read in delivered files" in text and command in text
    assert ("No --principal was told" in text) == ("principal" not in own_view["target"])
    assert "an admin to run the check" in text and "Have an admin read with s3:GetBucketPolicy" in text
    assert "to the user optscale" not in text


def statuses_of(report):
    return {result["rule"]: result["status"] for result in report["results"]}


@pytest.mark.parametrize("action", DOCUMENTED)
@pytest.mark.parametrize("path", TYPES.values(), ids=TYPES.keys())
def test_without_a_documented_action_its_rule_does_not_pass_nor_any_that_rested_on_it(path, action, tmp_path):
    with serve(changed(tmp_path, lambda account: without(account, action), path), "optscale") as url:
        report = check(url, read(path))
    assert statuses_of(report)[RULES.get(action, "permission-discover-resources")] in ("fail", "unknown")
    rested = [(result["rule"], entry["call"]) for result in report["results"] if result["status"] == "pass"
              for entry in result["evidence"] if entry["state"] == "denied"]
    assert rested == []
    causes = {cause["root_cause"]: cause["title"] for cause in report["root_causes"]}
    assert not causes.get(f"permission:{action}", "Allow").startswith("Have an admin")


def test_an_account_of_many_buckets_is_not_asked_bucket_by_bucket(tmp_path):
    def add_buckets(account):
        answer(account, "ListBuckets")["Buckets"] = [{"Name": f"acme-{number}", "BucketRegion": "eu-west-1"} for number in range(101)]
    with serve(changed(tmp_path, add_buckets), "optscale") as url:
        report = check(url, read(CUR2), "--save-snapshot", str(tmp_path / "own.json"))
    assert statuses_of(report)["permission-discover-buckets"] == "unknown"
    assert [call for call in read(tmp_path / "own.json")["calls"] if call["parameters"].get("Bucket") == "acme-7"] == []


# ---------------------------------------------------------------- policies that were read, and AWS's own word


@pytest.mark.parametrize("refusal, between", [
    ("with an explicit deny in a service control policy", "a service control policy stands between"),
    ("because no resource control policy allows the s3:ListBucket action", "a resource control policy stands between"),
    ("because no VPC endpoint policy allows the s3:ListBucket action", "the policy of the VPC endpoint that the call went through stands between"),
    ("because no session policy allows the s3:ListBucket action", "the policy of the session stands between"),
    ("with an explicit deny in a resource-based policy", "the resource's own policy stands between"),
    ("", "something stands between that these policies do not show"),
])
def test_what_stands_between_policies_that_allow_and_aws_is_named(refusal, between, tmp_path):
    def refuse(account):
        answer(account, "GetCallerIdentity")["Arn"] = "arn:aws:iam::123456789012:user/optscale"
        call = next(call for call in account["calls"] if call["operation"] == "ListObjectsV2")
        del call["answer"]
        words = f"User: arn:aws:iam::123456789012:user/optscale is not authorized to perform: s3:ListBucket on resource: x {refusal}"
        call["error"] = {"code": "AccessDenied", "http_status": 403, "message": words if refusal else "Access Denied"}
    done = subprocess.run([EXPORTCHECK, "check", "--snapshot", str(changed(tmp_path, refuse)), "-o", "json"], capture_output=True, text=True, check=False, timeout=20)
    found = next(result for result in json.loads(done.stdout)["results"] if result["rule"] == "permission-read-bucket")
    assert found["status"] == "fail" and "the policies allow s3:ListBucket, and AWS refused it when it was tried: " + between in found["message"]


def test_an_answer_that_no_policy_allows_says_that_the_policies_read_are_not_all(tmp_path):
    def forget(account):
        answer(account, "GetCallerIdentity")["Arn"] = "arn:aws:iam::123456789012:user/optscale"
        without(account, "s3:ListBucket")
    done = subprocess.run([EXPORTCHECK, "check", "--snapshot", str(changed(tmp_path, forget)), "-o", "json"], capture_output=True, text=True, check=False, timeout=20)
    found = next(result for result in json.loads(done.stdout)["results"] if result["rule"] == "permission-read-bucket")
    assert found["status"] == "unknown" and "the policies that were read are not all" in found["message"]
