"""`exportcheck serve --as`: an account as one principal sees it, decided by the policies in the snapshot."""

import contextlib
import http.client
import json
import os
import pathlib
import subprocess
import urllib.parse

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")


def account_file(name):
    return ROOT / "tests" / "accounts" / f"{name}.json"


ACCOUNTS = sorted((ROOT / "tests" / "accounts").glob("*.json"))
CUR2 = account_file("root-existing-cur2")
REFUSED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "403"}
# What each operation is asked of IAM as: action, and the resource that its parameters name.
ACTIONS = {"HeadBucket": "s3:ListBucket", "ListObjectsV2": "s3:ListBucket", "HeadObject": "s3:GetObject", "ListBuckets": "s3:ListAllMyBuckets",
           "GetBucketEncryption": "s3:GetEncryptionConfiguration", "GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration"}
DENY = {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}}


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def answer(account, operation, **parameters):
    for call in account["calls"]:
        if call["operation"] == operation and all(call["parameters"].get(name) == value for name, value in parameters.items()):
            return call.get("answer") or {}
    return {}


@contextlib.contextmanager
def serve(path, principal, *options):
    process = subprocess.Popen([EXPORTCHECK, "serve", str(path), "--as", principal, *options], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.communicate(timeout=10)


def check(url, account, *options):
    target = account["target"]
    told = [word for name in ("scenario", "bucket", "export_name", "prefix", "export_type") if name in target
            for word in ("--" + name.replace("_", "-"), target[name])]
    environment = {"PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "none",
                   "AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": url, "HOME": "/nonexistent"}
    done = subprocess.run([EXPORTCHECK, "check", *told, "-o", "json", *options], capture_output=True, text=True, check=False, timeout=60, env=environment)
    return json.loads(done.stdout)


# ---------------------------------------------------------------- agreement with `policy simulate`


def kind_and_name(arn):
    resource = arn.split(":", 5)[5]
    return resource.split("/")[0], resource.split("/")[-1]


def managed(account, attached):
    for policy in attached.get("AttachedPolicies", []):
        version = answer(account, "GetPolicy", PolicyArn=policy["PolicyArn"])["Policy"]["DefaultVersionId"]
        yield answer(account, "GetPolicyVersion", PolicyArn=policy["PolicyArn"], VersionId=version)["PolicyVersion"]["Document"]


def identity_policies(account, arn):
    kind, name = kind_and_name(arn)
    owner, word = ({"UserName": name}, "User") if kind == "user" else ({"RoleName": name}, "Role")
    yield from managed(account, answer(account, f"ListAttached{word}Policies", **owner))
    for policy in answer(account, f"List{word}Policies", **owner).get("PolicyNames", []):
        yield answer(account, f"Get{word}Policy", PolicyName=policy, **owner)["PolicyDocument"]
    for group in answer(account, "ListGroupsForUser", **owner).get("Groups", []):
        group_name = group["GroupName"]
        yield from managed(account, answer(account, "ListAttachedGroupPolicies", GroupName=group_name))
        for policy in answer(account, "ListGroupPolicies", GroupName=group_name).get("PolicyNames", []):
            yield answer(account, "GetGroupPolicy", GroupName=group_name, PolicyName=policy)["PolicyDocument"]


def arn_in_iam(account, member, name):
    def search(value):
        if isinstance(value, dict):
            if value.get(member) == name and "Arn" in value:
                return value["Arn"]
            value = list(value.values())
        return next(filter(None, map(search, value)), None) if isinstance(value, list) else None
    return search([call.get("answer") for call in account["calls"] if call["service"] == "iam"])


def resource_of(account, call, arn):
    given, partition, number = call["parameters"], arn.split(":")[1], arn.split(":")[4]
    if call["service"] == "s3" and "Bucket" in given:
        return f"arn:{partition}:s3:::{given['Bucket']}" + ("/" + given["Key"] if "Key" in given else "")
    if call["service"] == "iam" and call["operation"] not in ("ListUsers", "GetAccountAuthorizationDetails"):
        for member, kind in (("UserName", "user"), ("RoleName", "role"), ("GroupName", "group")):
            if member in given:
                return arn_in_iam(account, member, given[member]) or f"arn:{partition}:iam::{number}:{kind}/{given[member]}"
        return given.get("PolicyArn") or given.get("PolicySourceArn") or arn
    return given.get("ExportArn") or given.get("KeyId") or "*"


def action_of(call):
    service = {"elbv2": "elasticloadbalancing", "elb": "elasticloadbalancing"}.get(call["service"], call["service"])
    if service == "s3control":
        return "s3:GetAccountPublicAccessBlock"
    if call["operation"] == "GetPublicAccessBlock":
        return "s3:GetBucketPublicAccessBlock"
    if call["operation"] == "GetBucketOwnershipControls":
        return "s3:GetBucketOwnershipControls"
    return ACTIONS.get(call["operation"], f"{service}:{call['operation']}")


def simulation(account, call, arn, policies):
    resource = resource_of(account, call, arn)
    owner = answer(account, "GetCallerIdentity")["Account"]
    exports = [call["answer"]["Export"] for call in account["calls"] if call["operation"] == "GetExport" and "answer" in call]
    for export in exports:
        destination = export["DestinationConfigurations"]["S3Destination"]
        if destination["S3Bucket"] == account["target"].get("bucket") == call["parameters"].get("Bucket"):
            owner = destination.get("S3BucketOwner") or owner
    context = {"aws:SecureTransport": "true", "aws:PrincipalArn": arn, "aws:PrincipalAccount": arn.split(":")[4], "aws:PrincipalType": "User"}
    if "Prefix" in call["parameters"]:
        context["s3:prefix"] = call["parameters"]["Prefix"]
    policy = answer(account, "GetBucketPolicy", Bucket=call["parameters"]["Bucket"]).get("Policy") if "Bucket" in call["parameters"] else None
    if call["service"] == "kms":
        policy = answer(account, "GetKeyPolicy", KeyId=call["parameters"]["KeyId"]).get("Policy")
    return {"id": call["operation"], "request": {"principal": arn, "action": action_of(call), "resource": resource, "resource_account": owner, "context": context},
            "identity_policies": policies, "resource_policy": policy}


def simulate(lines):
    done = subprocess.run([EXPORTCHECK, "policy", "simulate"], input="\n".join(map(json.dumps, lines)), capture_output=True, text=True, check=False, timeout=60)
    return [json.loads(line)["decision"] == "Allowed" for line in done.stdout.splitlines()]


class Wire:
    """Sends calls as botocore writes them, without its sessions and retries: a hundredth of a second for an account."""

    NAMES = {"s3control": "s3control", "optscale": None}

    def __init__(self):
        self.loader = pytest.importorskip("botocore.loaders", reason="botocore is not installed: no requests to try").Loader()
        self.models = {}

    def model(self, service):
        import botocore.model
        import botocore.serialize
        if service not in self.models:
            model = botocore.model.ServiceModel(self.loader.load_service_model(service, "service-2"), service)
            protocol = model.metadata["protocol"]
            self.models[service] = model, botocore.serialize.create_serializer(protocol, include_validation=False)
        return self.models[service]

    def send(self, connection, call):
        model, serializer = self.model(call["service"])
        sent = serializer.serialize_to_request(dict(call["parameters"]), model.operation_model(call["operation"]))
        path, query, body = sent["url_path"], sent["query_string"], sent["body"]
        if call["service"] in ("s3", "s3control") and isinstance(query, dict) and query:
            path += ("&" if "?" in path else "?") + urllib.parse.urlencode(query)
        if isinstance(body, dict):
            body = urllib.parse.urlencode(body)
        scope = f"AKIAIOSFODNN7EXAMPLE/20261122/{call['region'] or 'us-east-1'}/{model.signing_name}/aws4_request"
        headers = {**sent["headers"], "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}
        connection.request(sent["method"], path, body=body or None, headers=headers)
        received = connection.getresponse()
        return received.status, received.read().decode("utf-8", "replace")


WIRE = Wire()


def refused(status, body):
    return status == 403 or any(f"{code}" in body for code in REFUSED - {"403"})


@pytest.mark.parametrize("path", ACCOUNTS, ids=lambda path: path.stem)
def test_every_call_is_decided_as_policy_simulate_decides_it(path):
    account = read(path)
    arn = account["target"]["principal"]
    calls = [call for call in account["calls"] if call["service"] not in ("optscale", "sts")]
    policies = list(identity_policies(account, arn))
    expected = simulate([simulation(account, call, arn, policies) for call in calls])
    with serve(path, arn) as url:
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)
        allowed = [not refused(*WIRE.send(connection, call)) for call in calls]
    found = [(call["operation"], said, want) for call, said, want in zip(calls, allowed, expected) if said != want]
    assert found == [] and True in expected and False in expected


# ---------------------------------------------------------------- what a client sees


@pytest.fixture
def boto3(request):
    library = pytest.importorskip("boto3", reason="boto3 is not installed: the SDK of AWS is not tried against serve --as")

    def client(url, service):
        return library.client(service, region_name="eu-west-1", endpoint_url=url, aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="x")
    return client


@pytest.fixture(scope="module")
def optscale():
    with serve(CUR2, "optscale") as url:
        yield url


@pytest.mark.parametrize("service, operation, parameters, code, status, words", [
    ("s3", "get_bucket_policy", {"Bucket": "acme-billing"}, "AccessDenied", 403,
     'is not authorized to perform: s3:GetBucketPolicy on resource: "arn:aws:s3:::acme-billing" because no identity-based policy allows the s3:GetBucketPolicy action'),
    ("iam", "list_user_policies", {"UserName": "optscale"}, "AccessDenied", 403,
     "is not authorized to perform: iam:ListUserPolicies on resource: arn:aws:iam::123456789012:user/optscale because no identity-based policy"),
    ("bcm-data-exports", "list_exports", {}, "AccessDeniedException", 400, "is not authorized to perform: bcm-data-exports:ListExports on resource: *"),
    ("organizations", "describe_organization", {}, "AccessDeniedException", 400, "is not authorized to perform: organizations:DescribeOrganization"),
    ("kms", "describe_key", {"KeyId": "arn:aws:kms:eu-west-1:123456789012:key/1"}, "AccessDeniedException", 400, "is not authorized to perform: kms:DescribeKey"),
    ("s3", "head_bucket", {"Bucket": "acme-logs"}, "403", 403, "Forbidden"),
    ("ec2", "describe_instances", {"DryRun": True}, "DryRunOperation", 412, "Request would have succeeded"),
    ("elbv2", "describe_load_balancers", {"Names": ["exportcheck-probe"]}, "LoadBalancerNotFound", 400, ""),
])
def test_boto3_sees_refusals_as_awss(boto3, optscale, service, operation, parameters, code, status, words):
    with pytest.raises(Exception) as caught:
        getattr(boto3(optscale, service), operation)(**parameters)
    response = caught.value.response
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == (code, status)
    assert words in response["Error"]["Message"]
    assert "User: arn:aws:iam::123456789012:user/optscale" in response["Error"]["Message"] or code not in REFUSED - {"403"}


def test_ec2_refuses_in_its_own_words(boto3, tmp_path):
    def take_ec2(account):
        for call in account["calls"]:
            for statement in (call.get("answer") or {}).get("PolicyVersion", {}).get("Document", {}).get("Statement", []):
                if "ec2:Describe*" in statement["Action"]:
                    statement["Action"].remove("ec2:Describe*")
    with serve(changed(tmp_path, take_ec2), "optscale") as url, pytest.raises(Exception) as caught:
        boto3(url, "ec2").describe_instance_types(DryRun=True)
    assert caught.value.response["Error"]["Code"] == "UnauthorizedOperation" and caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert caught.value.response["Error"]["Message"].startswith("You are not authorized to perform this operation. User: arn:aws:iam::")


def test_the_key_that_signs_is_the_principals(boto3, optscale):
    client = boto3(optscale, "iam")
    assert client.get_access_key_last_used(AccessKeyId="AKIAIOSFODNN7EXAMPLE")["UserName"] == "optscale"
    with pytest.raises(Exception) as caught:
        client.get_access_key_last_used(AccessKeyId="AKIAANOTHERSEXAMPLE1")
    assert caught.value.response["Error"]["Code"] == "NotInSnapshot"


def test_the_caller_is_the_principal(boto3, optscale):
    answered = boto3(optscale, "sts").get_caller_identity()
    assert (answered["Arn"], answered["UserId"]) == ("arn:aws:iam::123456789012:user/optscale", "AIDAEXAMPLEOPTSC00001")


def test_a_role_is_seen_as_its_session(boto3):
    with serve(ROOT / "tests" / "accounts" / "root-existing-role.json", "arn:aws:iam::123456789012:role/service/OptScale") as url:
        assert boto3(url, "sts").get_caller_identity()["Arn"] == "arn:aws:sts::123456789012:assumed-role/OptScale/opt-session"


def changed(tmp_path, change, path=CUR2):
    account = read(path)
    change(account)
    path = tmp_path / "account.json"
    path.write_text(json.dumps(account), encoding="utf-8")
    return path


def deny_in_bucket_policy(account):
    answer(account, "GetBucketPolicy")["Policy"]["Statement"].append(DENY["Statement"])


def set_boundary(account):
    arn = "arn:aws:iam::aws:policy/Nothing"
    answer(account, "GetUser")["User"]["PermissionsBoundary"] = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}
    empty = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:*", "Resource": "*"}}
    region = {"service": "iam", "region": "us-east-1"}
    account["calls"] += [{**region, "operation": "GetPolicy", "parameters": {"PolicyArn": arn},
                          "answer": {"Policy": {"PolicyName": "Nothing", "Arn": arn, "DefaultVersionId": "v1"}}},
                         {**region, "operation": "GetPolicyVersion", "parameters": {"PolicyArn": arn, "VersionId": "v1"},
                          "answer": {"PolicyVersion": {"VersionId": "v1", "Document": empty}}}]


@pytest.mark.parametrize("abac, tag, allowed", [("Disabled", "billing", False), ("Enabled", "billing", True), ("Enabled", "logs", False)])
def test_tags_of_the_bucket_decide_where_access_by_attributes_is_on(boto3, tmp_path, abac, tag, allowed):
    def change(account):
        deny = dict(DENY["Statement"], Principal="*", Action="s3:*", Resource=["arn:aws:s3:::acme-billing", "arn:aws:s3:::acme-billing/*"],
                    Condition={"StringNotEquals": {"aws:ResourceTag/data": "billing"}})
        answer(account, "GetBucketPolicy")["Policy"]["Statement"].append(deny)
        answer(account, "GetBucketAbac")["AbacStatus"]["Status"] = abac
        account["calls"] = [call for call in account["calls"] if call["operation"] != "GetBucketTagging"]
        account["calls"].append({"service": "s3", "operation": "GetBucketTagging", "region": "eu-west-1", "parameters": {"Bucket": "acme-billing"},
                                 "answer": {"TagSet": [{"Key": "data", "Value": tag}]}})
    with serve(changed(tmp_path, change), "optscale") as url:
        try:
            boto3(url, "s3").list_objects_v2(Bucket="acme-billing", Prefix="cur2/optscale/")
            found = True
        except Exception as refusal:  # noqa: BLE001
            assert "explicit deny in a resource-based policy" in str(refusal)
            found = False
    assert found is allowed


@pytest.mark.parametrize("change, words", [
    (deny_in_bucket_policy, "with an explicit deny in a resource-based policy"),
    (set_boundary, "because no permissions boundary allows the s3:GetObject action"),
], ids=["bucket policy", "boundary"])
def test_each_kind_of_policy_refuses_in_its_own_words(boto3, tmp_path, change, words):
    with serve(changed(tmp_path, change), "optscale") as url, pytest.raises(Exception) as caught:
        boto3(url, "s3").get_object(Bucket="acme-billing", Key="cur2/optscale/metadata/BILLING_PERIOD=2026-11/optscale-Manifest.json")
    assert words in str(caught.value)


@pytest.mark.parametrize("principal, words", [
    ("nobody", "does not hold the policies of nobody: iam:GetUser"),
    ("arn:aws:iam::999999999999:user/x", "is no user or role of the snapshot's account"),
])
def test_who_is_not_known_is_refused_at_the_start(principal, words):
    done = subprocess.run([EXPORTCHECK, "serve", str(CUR2), "--as", principal], capture_output=True, text=True, check=False, timeout=20)
    assert done.returncode == 2 and words in done.stderr and done.stdout == ""


# ---------------------------------------------------------------- probes


def test_help_names_every_probe():
    probes = read(ROOT / "rules" / "facts" / "probes.json")
    shown = subprocess.run([EXPORTCHECK, "check", "--help"], capture_output=True, text=True, check=True, timeout=20).stdout
    called = {fact["call"].split(":")[1] for name, fact in probes.items() if name.startswith("probe.")}
    assert {name for name in called if name not in shown} == set() and len(called) > 10


def test_probes_run_for_the_principal_alone(tmp_path):
    with serve(CUR2, "optscale") as url:
        saved = tmp_path / "own.json"
        report = check(url, read(CUR2), "--save-snapshot", str(saved))
    statuses = {result["rule"]: result["status"] for result in report["results"]}
    tried = ("principal-exists", "permission-read-bucket", "permission-discover-resources", "permission-describe-reports")
    assert [statuses[rule] for rule in tried] == ["pass"] * len(tried)
    assert [call["operation"] for call in read(saved)["calls"] if call["parameters"].get("DryRun")] != []
    assert [call["operation"] for call in read(CUR2)["calls"] if call["parameters"].get("DryRun")] == []
