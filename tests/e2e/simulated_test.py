"""IAM's policy simulator as a source, where the principal's policies may not be read; `serve --as` plays it by our own engine."""

import json

import pytest
from serve_as_test import CUR2, answer, changed, check, read, serve, set_boundary

READING = ["iam:SimulatePrincipalPolicy", "iam:GetUser", "s3:List*", "s3:GetBucket*", "organizations:*"]
OPTSCALE = "arn:aws:iam::123456789012:user/optscale"
DECIDED = ("permission-read-bucket", "permission-describe-reports", "permission-discover-resources", "permission-newer-optscale")


def add_auditor(account, actions=READING):
    """Somebody who may ask the simulator, and read hardly anything else."""
    def add(operation, parameters, answered):
        account["calls"].append({"service": "iam", "operation": operation, "region": "us-east-1", "parameters": parameters, "answer": answered})
    me = {"UserName": "auditor"}
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
    add("GetUser", me, {"User": {**me, "Path": "/", "UserId": "AIDAEXAMPLEAUDIT00001", "Arn": "arn:aws:iam::123456789012:user/auditor"}})
    add("ListUserPolicies", me, {"PolicyNames": ["audit"]})
    add("ListAttachedUserPolicies", me, {"AttachedPolicies": []})
    add("ListGroupsForUser", me, {"Groups": []})
    add("GetUserPolicy", {**me, "PolicyName": "audit"}, {**me, "PolicyName": "audit", "PolicyDocument": document})


def audited(tmp_path, *changes):
    def change(account):
        add_auditor(account)
        for one in changes:
            one(account)
    saved = tmp_path / "saved.json"
    with serve(changed(tmp_path, change), "auditor") as url:
        report = check(url, read(CUR2), "--principal", OPTSCALE, "--save-snapshot", str(saved))
    results = {result["rule"]: result for result in report["results"]}
    return results, [call for call in read(saved)["calls"] if call["operation"] == "SimulatePrincipalPolicy"]


def documents(account):
    return [call["answer"]["PolicyVersion"]["Document"] for call in account["calls"] if call["operation"] == "GetPolicyVersion"]


def take_away(action):
    def change(account):
        for statement in [statement for document in documents(account) for statement in document["Statement"]]:
            if isinstance(statement["Action"], list) and action in statement["Action"]:
                statement["Action"].remove(action)
                statement["Action"].append("sts:GetCallerIdentity")
    return change


def test_what_the_simulator_allows_passes_and_what_it_refuses_fails(tmp_path):
    results, asked = audited(tmp_path)
    assert [results[rule]["status"] for rule in DECIDED] == ["pass", "pass", "pass", "fail"]
    assert "allowed by IAM's simulator: " in results["permission-read-bucket"]["message"]
    assert len(asked) == 6 and all("answer" in call for call in asked)
    calls = {entry["call"] for entry in results["permission-read-bucket"]["evidence"]}
    assert {"iam:SimulatePrincipalPolicy", "s3:GetBucketPolicy"} <= calls
    assert not [entry for rule in DECIDED[:3] for entry in results[rule]["evidence"] if entry["state"] == "denied"]


@pytest.mark.parametrize("action, rule", [("s3:GetObject", "permission-read-bucket"), ("s3:ListBucket", "permission-read-bucket"),
                                          ("ec2:Describe*", "permission-discover-resources"), ("iam:ListUsers", "permission-discover-resources")])
def test_each_action_that_is_missing_is_found(action, rule, tmp_path):
    results, _ = audited(tmp_path, take_away(action))
    assert results[rule]["status"] == "fail" and f"no statement allows {action}" in results[rule]["message"]
    assert "says IAM's simulator" in results[rule]["message"]


def test_the_resources_own_policy_still_has_to_allow_it(tmp_path):
    def deny(account):
        answer(account, "GetBucketPolicy")["Policy"]["Statement"].append(
            {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-billing/*"})
    results, _ = audited(tmp_path, deny)
    assert results["permission-read-bucket"]["status"] == "fail"


def test_a_policy_of_the_resource_that_may_not_be_read_leaves_it_open(tmp_path):
    def hide(account):
        add_auditor(account)
        next(call for call in account["calls"] if call["operation"] == "GetUserPolicy" and call["parameters"]["UserName"] == "auditor")[
            "answer"]["PolicyDocument"]["Statement"][0]["Action"].remove("s3:GetBucket*")
    with serve(changed(tmp_path, hide), "auditor") as url:
        report = check(url, read(CUR2), "--principal", OPTSCALE)
    statuses = {result["rule"]: result["status"] for result in report["results"]}
    assert statuses["permission-read-bucket"] == "unknown" and statuses["permission-describe-reports"] == "pass"


def test_a_boundary_is_told_by_name(tmp_path):
    results, _ = audited(tmp_path, set_boundary)
    assert results["permission-describe-reports"]["status"] == "fail"
    assert "a permissions boundary does not allow it" in results["permission-describe-reports"]["message"]


def test_a_condition_that_the_simulator_was_not_told_leaves_it_open(tmp_path):
    def demand(account):
        for document in documents(account):
            document["Statement"][0]["Condition"] = {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}
    results, asked = audited(tmp_path, demand)
    assert results["permission-describe-reports"]["status"] == "unknown"
    assert "aws:RequestedRegion" in json.dumps(asked)


def test_where_policies_may_be_read_the_simulator_is_not_asked(tmp_path):
    def read_iam(account):
        add_auditor(account)
        next(call for call in account["calls"] if call["operation"] == "GetUserPolicy" and call["parameters"]["UserName"] == "auditor")[
            "answer"]["PolicyDocument"]["Statement"][0]["Action"].append("iam:*")
    with serve(changed(tmp_path, read_iam), "auditor") as url:
        check(url, read(CUR2), "--principal", OPTSCALE, "--save-snapshot", str(tmp_path / "saved.json"))
    assert [call for call in read(tmp_path / "saved.json")["calls"] if call["operation"] == "SimulatePrincipalPolicy"] == []


def test_boto3_is_told_what_the_engine_says(tmp_path):
    boto3 = pytest.importorskip("boto3", reason="boto3 is not installed: the simulator of serve --as is not tried with AWS's SDK")
    with serve(changed(tmp_path, add_auditor), "auditor") as url:
        iam = boto3.client("iam", region_name="us-east-1", endpoint_url=url, aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="x")
        entries = [{"ContextKeyName": "aws:username", "ContextKeyValues": ["optscale"], "ContextKeyType": "string"}]
        answered = iam.simulate_principal_policy(PolicySourceArn=OPTSCALE, ActionNames=["s3:GetObject", "s3:PutObject"], ContextEntries=entries,
                                                 ResourceArns=["arn:aws:s3:::acme-billing/a"])
        with pytest.raises(iam.exceptions.NoSuchEntityException):
            iam.simulate_principal_policy(PolicySourceArn="arn:aws:iam::123456789012:user/nobody", ActionNames=["s3:GetObject"])
    decisions = [(row["EvalActionName"], row["EvalDecision"], row["ResourceSpecificResults"][0]["EvalResourceDecision"], row["MissingContextValues"])
                 for row in answered["EvaluationResults"]]
    assert decisions == [("s3:GetObject", "allowed", "allowed", []), ("s3:PutObject", "implicitDeny", "implicitDeny", [])]
