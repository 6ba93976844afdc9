"""An independent server: what boto3 made in a moto server, `exportcheck collect` reads."""

import json
import os
import subprocess

import pytest

boto3 = pytest.importorskip("boto3", reason="skipped: boto3 is not installed, so nothing can be made in moto")
moto_server = pytest.importorskip("moto.server", reason="skipped: moto is not installed")
moto_s3 = pytest.importorskip("moto.s3.models", reason="skipped: moto is not installed with what S3 needs")

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
ACCOUNT = "123456789012"  # moto's
BUCKET = "acme-billing"
KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI+K7MDENG+bPxRfiCYEXAMPLEKEY"
BUCKET_POLICY = {"Version": "2012-10-17", "Statement": [{
    "Sid": "EnableAWSDataExportsToWriteToS3AndCheckPolicy", "Effect": "Allow",
    "Principal": {"Service": ["billingreports.amazonaws.com", "bcm-data-exports.amazonaws.com"]},
    "Action": ["s3:PutObject", "s3:GetBucketPolicy"], "Resource": [f"arn:aws:s3:::{BUCKET}/*", f"arn:aws:s3:::{BUCKET}"],
    "Condition": {"StringLike": {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": [
        f"arn:aws:cur:us-east-1:{ACCOUNT}:definition/*", f"arn:aws:bcm-data-exports:us-east-1:{ACCOUNT}:export/*"]}}}]}
READ_POLICY = {"Version": "2012-10-17", "Statement": [
    {"Sid": "GetObject", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": f"arn:aws:s3:::{BUCKET}/*"},
    {"Sid": "BucketOperations", "Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetBucketLocation"],
     "Resource": f"arn:aws:s3:::{BUCKET}"}]}
TAG_POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "tag:Get*", "Resource": "*"}]}
NAMES = ["naïve +&% name.csv", "optscale-00001.csv.gz", "optscale-00002.csv.gz", "ünï/çødé ~'!()*.csv"]


@pytest.fixture(scope="module")
def server():
    running = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


def client(server, service, region="us-east-1"):
    return boto3.client(service, endpoint_url=server, region_name=region, aws_access_key_id=KEY,
                        aws_secret_access_key=SECRET)


def make_bucket(server):
    s3 = client(server, "s3", "eu-west-1")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps(BUCKET_POLICY))
    s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": [
        {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 30}}]})
    s3.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]})
    s3.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration={
        "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": False})
    s3.put_bucket_ownership_controls(Bucket=BUCKET, OwnershipControls={
        "Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]})
    for name in NAMES:
        s3.put_object(Bucket=BUCKET, Key=f"cur2/optscale/data/BILLING_PERIOD=2026-11/{name}", Body=b"x" * 10)
    for number in range(1005):  # more than a page; without a request each, which would take most of the test's time
        moto_s3.s3_backends[ACCOUNT]["aws"].put_object(BUCKET, f"cur2/optscale/metadata/{number:04}", b"")


def make_identities(server):
    iam = client(server, "iam")
    iam.create_user(UserName="optscale", Path="/service/")
    for _ in range(2):
        key = iam.create_access_key(UserName="optscale")["AccessKey"]
    iam.update_access_key(UserName="optscale", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    iam.create_group(GroupName="service-users")
    iam.add_user_to_group(GroupName="service-users", UserName="optscale")
    iam.put_group_policy(GroupName="service-users", PolicyName="ReadTags", PolicyDocument=json.dumps(TAG_POLICY))
    iam.put_user_policy(UserName="optscale", PolicyName="inline + odd,name", PolicyDocument=json.dumps(TAG_POLICY))
    arn = iam.create_policy(PolicyName="OptScaleReadOnly", PolicyDocument=json.dumps(TAG_POLICY))["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(READ_POLICY), SetAsDefault=True)
    iam.attach_user_policy(UserName="optscale", PolicyArn=arn)
    return arn


def make_organization(server):
    organizations = client(server, "organizations")
    organizations.create_organization(FeatureSet="ALL")
    for number in range(25):  # more than a page
        organizations.create_account(AccountName=f"acme-{number}", Email=f"aws+{number}@acme.example")


@pytest.fixture(scope="module")
def made(server):
    make_bucket(server)
    make_organization(server)
    return {"policy_arn": make_identities(server)}


@pytest.fixture(scope="module")
def snapshot(server, made, tmp_path_factory):
    path = tmp_path_factory.mktemp("collect") / "snapshot.json"
    done = subprocess.run(
        [EXPORTCHECK, "collect", "--all-facts", "--bucket", BUCKET, "--export-name", "optscale", "--prefix", "cur2",
         "--principal", f"arn:aws:iam::{ACCOUNT}:user/service/optscale", "--output", str(path)],
        capture_output=True, text=True, timeout=300, check=False,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true",
             "AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_ENDPOINT_URL": server,
             "AWS_MAX_ATTEMPTS": "1"})
    assert done.returncode == 0, done.stderr
    text = path.read_text(encoding="utf-8")
    assert SECRET not in text + done.stderr
    return json.loads(text)


def calls(snapshot, service, operation, **parameters):
    return [call for call in snapshot["calls"] if (call["service"], call["operation"]) == (service, operation)
            and parameters.items() <= call["parameters"].items()]


def answer(snapshot, service, operation, **parameters):
    found = calls(snapshot, service, operation, **parameters)
    assert len(found) == 1, (operation, found)
    assert "answer" in found[0], found[0]
    return found[0]["answer"]


def test_the_caller_is_read(snapshot):
    assert answer(snapshot, "sts", "GetCallerIdentity")["Account"] == ACCOUNT
    assert snapshot["caller"]["access_key_id"] == KEY


def test_the_bucket_is_read(snapshot):
    assert answer(snapshot, "s3", "GetBucketLocation")["LocationConstraint"] == "eu-west-1"
    assert answer(snapshot, "s3", "GetBucketPolicy")["Policy"] == BUCKET_POLICY
    rules = answer(snapshot, "s3", "GetBucketLifecycleConfiguration")["Rules"]
    assert [(rule["ID"], rule["Expiration"]["Days"]) for rule in rules] == [("old", 30)]
    assert answer(snapshot, "s3", "GetPublicAccessBlock")["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": False}
    assert answer(snapshot, "s3", "GetBucketOwnershipControls")["OwnershipControls"] == {
        "Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}


def test_pages_of_objects_are_joined_and_names_kept(snapshot):
    listing = answer(snapshot, "s3", "ListObjectsV2", Prefix="cur2/optscale/")
    keys = [row["Key"] for row in listing["Contents"]]
    assert len(keys) == 1005 + len(NAMES)
    assert keys == sorted(keys, key=lambda key: key.encode())
    assert {key.removeprefix("cur2/optscale/data/BILLING_PERIOD=2026-11/") for key in keys if "/data/" in key} == set(NAMES)
    assert {row["Size"] for row in listing["Contents"]} == {0, 10}


def test_the_user_is_read(snapshot, made):
    user = answer(snapshot, "iam", "GetUser", UserName="optscale")["User"]
    assert (user["Path"], user["Arn"]) == ("/service/", f"arn:aws:iam::{ACCOUNT}:user/service/optscale")
    keys = answer(snapshot, "iam", "ListAccessKeys", UserName="optscale")["AccessKeyMetadata"]
    assert sorted(key["Status"] for key in keys) == ["Active", "Inactive"]
    assert answer(snapshot, "iam", "ListAttachedUserPolicies", UserName="optscale")["AttachedPolicies"] == [
        {"PolicyName": "OptScaleReadOnly", "PolicyArn": made["policy_arn"]}]
    assert answer(snapshot, "iam", "ListUserPolicies", UserName="optscale")["PolicyNames"] == ["inline + odd,name"]
    assert answer(snapshot, "iam", "GetUserPolicy", PolicyName="inline + odd,name")["PolicyDocument"] == TAG_POLICY


def test_the_policy_is_read_in_its_default_version(snapshot, made):
    assert answer(snapshot, "iam", "GetPolicy", PolicyArn=made["policy_arn"])["Policy"]["DefaultVersionId"] == "v2"
    version = answer(snapshot, "iam", "GetPolicyVersion", PolicyArn=made["policy_arn"])["PolicyVersion"]
    assert (version["VersionId"], version["IsDefaultVersion"], version["Document"]) == ("v2", True, READ_POLICY)


def test_the_groups_policies_are_read(snapshot):
    groups = answer(snapshot, "iam", "ListGroupsForUser", UserName="optscale")["Groups"]
    assert [group["GroupName"] for group in groups] == ["service-users"]
    found = answer(snapshot, "iam", "GetGroupPolicy", GroupName="service-users", PolicyName="ReadTags")
    assert found["PolicyDocument"] == TAG_POLICY


def test_the_organizations_accounts_are_read_from_all_pages(snapshot):
    organization = answer(snapshot, "organizations", "DescribeOrganization")["Organization"]
    assert organization["FeatureSet"] == "ALL"
    accounts = answer(snapshot, "organizations", "ListAccounts")["Accounts"]
    assert {f"acme-{number}" for number in range(25)} <= {account["Name"] for account in accounts}
    assert all(isinstance(account["JoinedTimestamp"], (int, float, str)) for account in accounts)


def test_what_is_not_there_is_an_error_of_the_service(snapshot):
    refused = calls(snapshot, "iam", "GetLoginProfile")
    assert [call["error"]["code"] for call in refused] == ["NoSuchEntity"]


def test_the_rules_judge_what_was_read(snapshot, tmp_path):
    path = tmp_path / "s.json"
    path.write_text(json.dumps(snapshot), encoding="utf-8")
    done = subprocess.run([EXPORTCHECK, "check", "--snapshot", str(path), "-o", "json"], capture_output=True,
                          check=False)
    status = {result["rule"]: result["status"] for result in json.loads(done.stdout)["results"]}
    for rule in ("bucket-exists", "principal-exists", "principal-active-key", "permission-read-bucket"):
        assert status[rule] == "pass", rule
    assert status["permission-discover-resources"] == "fail"
