"""What a failing grants rule says: of a Deny why it applies, of an Allow what keeps it from applying, and what would help."""

import copy
import json
import os
import pathlib
import subprocess

import pytest

PROGRAM = os.environ["EXPORTCHECK"]
ACCOUNT = json.loads((pathlib.Path(__file__).parent.parent / "accounts" / "root-existing-cur2.json").read_text())
BUCKET = ["arn:aws:s3:::acme-billing", "arn:aws:s3:::acme-billing/*"]
BOUNDARY = "arn:aws:iam::123456789012:policy/Edge"


def call(snapshot, operation, **parameters):
    return next(entry for entry in snapshot["calls"] if entry["operation"] == operation and parameters.items() <= entry["parameters"].items())


def bucket_policy(snapshot):
    return call(snapshot, "GetBucketPolicy")["answer"]["Policy"]


def delivery(snapshot):
    return bucket_policy(snapshot)["Statement"][0]


def read_only(snapshot):
    return call(snapshot, "GetPolicyVersion", PolicyArn="arn:aws:iam::123456789012:policy/OptScaleReadOnly")["answer"]["PolicyVersion"]["Document"]


def deny(snapshot, **condition):
    bucket_policy(snapshot)["Statement"].append({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": BUCKET, "Condition": condition})


def deny_user(snapshot, action, **condition):
    read_only(snapshot)["Statement"].append({"Effect": "Deny", "Action": action, "Resource": "*", "Condition": condition})


def let_in(snapshot, **principal):
    bucket_policy(snapshot)["Statement"].append({"Effect": "Allow", "Principal": principal, "Action": ["s3:PutObject", "s3:DeleteObject"], "Resource": BUCKET[1]})


def bound(snapshot):
    call(snapshot, "GetUser")["answer"]["User"]["PermissionsBoundary"] = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": BOUNDARY}
    template = {"service": "iam", "region": "us-east-1"}
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]}
    snapshot["calls"] += [
        {**template, "operation": "GetPolicy", "parameters": {"PolicyArn": BOUNDARY},
         "answer": {"Policy": {"PolicyName": "Edge", "Arn": BOUNDARY, "DefaultVersionId": "v1"}}},
        {**template, "operation": "GetPolicyVersion", "parameters": {"PolicyArn": BOUNDARY, "VersionId": "v1"},
         "answer": {"PolicyVersion": {"VersionId": "v1", "Document": document}}}]


def old_version(snapshot):
    read_only(snapshot)["Version"] = "2008-10-17"
    read_only(snapshot)["Statement"][1]["Resource"] = "arn:aws:s3:::acme-billing/${aws:username}*"


def check(change, rule, folder):
    """The rule's result on the changed account, and what to do first."""
    snapshot = copy.deepcopy(ACCOUNT)
    change(snapshot)
    path = folder / "account.json"
    path.write_text(json.dumps(snapshot))
    done = subprocess.run([PROGRAM, "check", "--snapshot", str(path), "--rule", rule, "-o", "json"], capture_output=True, text=True, check=False, timeout=60)
    report = json.loads(done.stdout)
    return next(result for result in report["results"] if result["rule"] == rule), report["root_causes"]


DELIVERS, READS = "bucket-policy-delivers-cur2", "permission-read-bucket"
CASES = [
    ("a Deny on a key that the service lacks", lambda s: deny(s, StringNotEquals={"aws:PrincipalOrgID": "o-a1b2c3d4e5"}), DELIVERS,
     ["it tests aws:PrincipalOrgID, the service sends none, and StringNotEquals holds where the key is absent",
      'would be allowed if the Deny at /Statement/1 also asked for {"Null": {"aws:PrincipalOrgID": "false"}}']),
    ("a Deny on a key that the request has", lambda s: deny_user(s, "cur:*", StringNotEquals={"aws:RequestedRegion": "eu-west-1"}),
     "permission-describe-reports", ["the request has 'us-east-1', and StringNotEquals 'eu-west-1' holds for that", "also had `us-east-1`"]),
    ("a Deny on what is not there", lambda s: deny_user(s, "s3:Get*", Null={"aws:PrincipalTag/team": "true"}), READS,
     ["it tests aws:PrincipalTag/team, the request has none, and Null 'true' holds for that"]),
    ("a Deny that began", lambda s: deny_user(s, "s3:Get*", DateGreaterThan={"aws:CurrentTime": "2026-11-01T00:00:00Z"}), READS,
     ["it tests aws:CurrentTime, the request has '2026-11-22T10:00:00Z', and DateGreaterThan"]),
    ("a service with a region", lambda s: delivery(s).update(Principal={"Service": "bcm-data-exports.us-east-1.amazonaws.com"}), DELIVERS,
     ["it names bcm-data-exports.us-east-1.amazonaws.com; the service is bcm-data-exports.amazonaws.com, without a region"]),
    ("a misspelt service", lambda s: delivery(s).update(Principal={"Service": "bcm-data-export.amazonaws.com"}), DELIVERS,
     ["it names bcm-data-export.amazonaws.com; the service is bcm-data-exports.amazonaws.com"]),
    ("a service that stands for an account", lambda s: delivery(s).update(Principal={"AWS": "bcm-data-exports.amazonaws.com"}), DELIVERS,
     ['but not under "Service"']),
    ("an API's name: ListObjectsV2", lambda s: read_only(s)["Statement"][2].update(Action=["s3:ListObjectsV2", "s3:GetBucketLocation"]), READS,
     ["s3:ListObjectsV2 is the API's name; the action is s3:ListBucket"]),
    ("an API's name: HeadObject", lambda s: read_only(s)["Statement"][1].update(Action="s3:HeadObject"), READS,
     ["s3:HeadObject is the API's name; the action is s3:GetObject"]),
    ("a misspelt action", lambda s: delivery(s).update(Action=["s3:PutObjects"]), DELIVERS, ["s3:PutObjects is no action; s3:PutObject is"]),
    ("variables in an old version", old_version, READS, ["in a policy of Version 2008-10-17 ${…} is plain text"]),
    ("a boundary", bound, READS, [f"no statement of the permissions boundary {BOUNDARY} allows it"]),
    ("an Allow that ends", lambda s: read_only(s)["Statement"][1].update(Condition={"DateLessThan": {"aws:CurrentTime": "2026-12-02T00:00:00Z"}}),
     READS, ["from 2026-12-02T00:00:00Z on it fails: no statement allows s3:GetObject"]),
    ("a Deny that begins", lambda s: deny_user(s, "s3:List*", DateGreaterThan={"aws:CurrentTime": "2027-01-15T00:00:00Z"}), READS,
     ["from 2027-01-15T00:00:01Z on it fails: s3:ListBucket on arn:aws:s3:::acme-billing is denied"]),
    ("one stranger", lambda s: delivery(s).update(Condition={"StringEquals": {"aws:SourceAccount": ["123456789012", "210987654321"]}}),
     "bucket-policy-only-this-account", ["for the account 210987654321"]),
    ("any stranger", lambda s: delivery(s).pop("Condition"), "bucket-policy-only-this-account", ["for any other account"]),
    ("strangers of the organization", lambda s: delivery(s).update(Condition={"StringEquals": {"aws:SourceOrgID": "o-a1b2c3d4e5"}}),
     "bucket-policy-only-this-account", ["for every account of the organization o-a1b2c3d4e5"]),
    ("a role elsewhere", lambda s: let_in(s, AWS="arn:aws:iam::210987654321:role/lake"), "bucket-written-by-aws-alone",
     ["arn:aws:iam::210987654321:role/lake may s3:PutObject and s3:DeleteObject by /Statement/1 of the bucket's policy"]),
    ("the user itself", lambda s: let_in(s, AWS="arn:aws:iam::123456789012:user/optscale"), "principal-least-privilege",
     ["s3:PutObject on arn:aws:s3:::acme-billing/example is allowed by /Statement/1 of the bucket's policy"]),
    ("addresses that nobody told", lambda s: deny_user(s, "s3:*", NotIpAddress={"aws:SourceIp": "203.0.113.0/24"}), READS,
     ["depends on aws:SourceIp", "say with --optscale-ip"]),
]


def deny_by_organization(snapshot):
    """A service control policy at the root of the organization, which the account belongs to as a member."""
    call(snapshot, "GetCallerIdentity")["answer"].update(UserId="AIDAEXAMPLEOPTSC00001", Arn="arn:aws:iam::123456789012:user/optscale")
    call(snapshot, "DescribeReportDefinitions").pop("answer")
    call(snapshot, "DescribeReportDefinitions")["error"] = {
        "code": "AccessDeniedException", "http_status": 400,
        "message": "User: … is not authorized to perform: cur:DescribeReportDefinitions with an explicit deny in a service control policy"}


STEPS = [
    ("a boundary", bound, READS, "Allow s3:GetBucketLocation and 2 more in the permissions boundary"),
    ("a Deny of the bucket's", lambda s: bucket_policy(s)["Statement"].append(
        {"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::123456789012:user/optscale"}, "Action": "s3:GetObject", "Resource": BUCKET[1]}), READS,
     "Lift the Deny on s3:GetObject in the bucket's policy"),
    ("a Deny of the user's own", lambda s: deny_user(s, "cur:*"), "permission-describe-reports",
     "Lift the Deny on cur:DescribeReportDefinitions in policy OptScaleReadOnly"),
    ("an organization's Deny, by AWS's words", deny_by_organization, "permission-describe-reports",
     "Lift the Deny on cur:DescribeReportDefinitions in a service control policy"),
    ("nobody allows it", lambda s: read_only(s)["Statement"][1].update(Action="s3:HeadObject"), READS, "Allow s3:GetObject to the user optscale"),
]


@pytest.mark.parametrize(("change", "rule", "step"), [case[1:] for case in STEPS], ids=[case[0] for case in STEPS])
def test_the_step_says_where_it_is_mended(change, rule, step, tmp_path):
    found, causes = check(change, rule, tmp_path)
    assert found["do"] == step
    assert [cause["title"] for cause in causes if cause["root_cause"] == rule] == [step]


@pytest.mark.parametrize(("change", "rule", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_message_ends_the_search(change, rule, words, tmp_path):
    message = check(change, rule, tmp_path)[0]["message"]
    assert [word for word in words if word not in message] == [], message
