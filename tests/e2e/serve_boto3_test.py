"""boto3 against `exportcheck serve`: every operation of the table, called through the SDK of AWS,
gives what the snapshot holds. Answers are generated from the public models in ../shared."""

import datetime
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODELS = ROOT.parent / "shared" / "data" / "botocore"
EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")

boto3 = pytest.importorskip("boto3", reason="boto3 is not installed: the SDK of AWS is not tried against serve")
if not MODELS.is_dir():
    pytest.skip("../shared/data/botocore is not there: no models to make answers from", allow_module_level=True)

from botocore.config import Config  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402


def load_generator():
    loader = importlib.machinery.SourceFileLoader("generate_operations", str(ROOT / "scripts" / "generate-operations"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


GENERATOR = load_generator()
LOADED = {service: parts for service, parts in GENERATOR.load(str(MODELS)).items() if service != "optscale"}
OPERATIONS = [(service, name) for service, (model, _, _) in LOADED.items()
              for name in sorted(model["operations"]) if GENERATOR.reads(name)]
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
PAGING = {"IsTruncated", "Truncated", "KeyCount", "MaxKeys", "MaxItems", "MaxResults", "EncodingType", "NextToken", "Marker", "NextMarker",
          "ContinuationToken", "NextContinuationToken", "MaxBuckets", "PageSize"}
LENGTHS = {"AccountId": "123456789012", "ExpectedBucketOwner": "123456789012"}


class Values:
    """Values of a model's shapes, each string another one."""

    def __init__(self, service, model, direction):
        self.service, self.model, self.direction, self.count = service, model, direction, 0

    def make(self, name, where="body", special=None, depth=0):
        shape = self.model["shapes"][name]
        kind = special or GENERATOR.STRING_SHAPES.get((self.service, name)) if self.direction == "out" else None
        if kind and kind.startswith("POLICY"):
            return POLICY
        return getattr(self, "make_" + GENERATOR.KINDS[shape["type"]].lower())(name, shape, where, depth)

    def make_structure(self, name, shape, where, depth):
        value = {}
        for member, reference in shape["members"].items():
            required = member in shape.get("required", [])
            if member in PAGING or depth > 5 or (self.direction == "in" and not required):
                continue
            special = GENERATOR.STRINGS.get((self.service, name, member))
            value[member] = self.make(reference["shape"], reference.get("location", "body"), special, depth + 1)
            if member in LENGTHS:
                value[member] = LENGTHS[member]
        return value

    def make_list(self, name, shape, where, depth):
        return [self.make(shape["member"]["shape"], where, None, depth + 1) for _ in range(3 if depth < 2 else 1)]

    def make_map(self, name, shape, where, depth):
        return {f"key-{i}": self.make(shape["value"]["shape"], where, None, depth + 1) for i in range(2)}

    def make_string(self, name, shape, where, depth):
        self.count += 1
        if "enum" in shape:
            return shape["enum"][self.count % len(shape["enum"])]
        wild = "" if where in ("header", "headers", "uri") or self.direction == "in" else " <&>\"'+%41 ü"
        return (f"text-{self.count}{wild}" + "x" * shape.get("min", 0))[:max(shape.get("max", 200), 12)]

    def make_integer(self, name, shape, where, depth):
        self.count += 1
        return max(self.count, shape.get("min", 0))

    def make_double(self, name, shape, where, depth):
        self.count += 1
        return self.count + 0.25

    def make_boolean(self, name, shape, where, depth):
        self.count += 1
        return self.count % 2 == 0

    def make_timestamp(self, name, shape, where, depth):
        if where == "header":
            return "Sun, 22 Nov 2026 10:00:00 GMT"
        if self.model["metadata"]["protocol"] == "json" and shape.get("timestampFormat") != "iso8601":
            return 1795341600.5
        return "2026-11-22T10:00:00Z"

    def make_blob(self, name, shape, where, depth):
        return None


def generate(service, name):
    model = LOADED[service][0]
    operation = model["operations"][name]
    parameters = Values(service, model, "in").make(operation["input"]["shape"]) if "input" in operation else {}
    answer = Values(service, model, "out").make(operation["output"]["shape"])
    answer.pop("Body", None)
    if name in ("GetObject", "HeadObject"):
        answer.update(ContentLength=11, MissingMeta=0)
        answer.pop("ChecksumType", None)
        for member in [member for member in answer if member.startswith("Checksum")]:
            del answer[member]  # boto3 would check them against a content that no snapshot has
        answer.pop("ContentEncoding", None)
    if service == "cloudwatch":
        parameters.update(StartTime="2026-11-22T10:00:00Z", EndTime="2026-11-22T11:00:00Z")
    return parameters, answer


CALLS = {(service, name): generate(service, name) for service, name in OPERATIONS}


@pytest.fixture(scope="module", params=[0, 2], ids=["whole", "pages-of-2"])
def url(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("serve") / "snapshot.json"
    path.write_text(json.dumps({
        "format": "exportcheck-snapshot/1", "created": "2026-11-22T10:00:00Z", "tool": "test", "target": {},
        "caller": {"access_key_id": "AKIDEXAMPLE"},
        "calls": [{"service": service, "operation": name, "region": "us-east-1", "parameters": parameters, "answer": answer}
                  for (service, name), (parameters, answer) in CALLS.items()],
    }), encoding="utf-8")
    options = ["--access-key-id", "AKIDEXAMPLE"] + (["--page-size", str(request.param)] if request.param else [])
    process = subprocess.Popen([EXPORTCHECK, "serve", str(path), *options], stdout=subprocess.PIPE, text=True,
                               env={**os.environ, "EXPORTCHECK_SERVE_SECRET_ACCESS_KEY": "secret"})
    yield process.stdout.readline().strip()
    process.terminate()
    assert process.wait(10) == 0


def client(service, url, **options):
    boto = boto3.client(service, endpoint_url=url, region_name="us-east-1", aws_access_key_id="AKIDEXAMPLE",
                        aws_secret_access_key=options.pop("secret", "secret"),
                        config=Config(retries={"total_max_attempts": 1}, inject_host_prefix=False,
                                      s3={"addressing_style": "path"}, **options))
    if service == "s3control":  # it puts the account before the host, which has no such name on loopback
        def address(request, **_):
            request.url = request.url.replace("123456789012.", "", 1)
        boto.meta.events.register("before-sign", address)
    return boto


def comparable(value):
    """What boto3 gives and what a snapshot holds, in one form: times as datetimes, policies as objects, no nulls."""
    if isinstance(value, dict):
        return {name: comparable(part) for name, part in value.items()
                if name not in PAGING | {"ResponseMetadata", "Body", "ExpiresString"} and part is not None}
    if isinstance(value, list):
        return [comparable(item) for item in value]
    if isinstance(value, str) and value.startswith("{") and '"Statement"' in value:
        return json.loads(value)
    if isinstance(value, str) and value.startswith("2026-11-22T10"):
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    if isinstance(value, str) and value.endswith(" GMT"):
        return datetime.datetime.strptime(value, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=datetime.timezone.utc)
    return value


def known_to(boto, name, value):
    """The part of an answer that this release of boto3 has a model for."""
    def cut(shape, part):
        if shape.type_name == "structure" and isinstance(part, dict):
            return {member: cut(shape.members[member], inner) for member, inner in part.items() if member in shape.members}
        if shape.type_name == "list" and isinstance(part, list):
            return [cut(shape.member, item) for item in part]
        if shape.type_name == "map" and isinstance(part, dict):
            return {key: cut(shape.value, item) for key, item in part.items()}
        if shape.type_name == "timestamp" and isinstance(part, (int, float)):
            return datetime.datetime.fromtimestamp(part, datetime.timezone.utc)
        return part
    return cut(boto.meta.service_model.operation_model(name).output_shape, value)


def page_by_page(method, parameters):
    """For operations that page and for which boto3 has no paginator."""
    token = {}
    while True:
        page = method(**parameters, **token)
        yield page
        if not page.get("NextToken"):
            return
        token = {"NextToken": page["NextToken"]}


def join(pages):
    found = {}
    for page in pages:
        for name, part in page.items():
            found[name] = found.get(name, []) + part if isinstance(part, list) else found.get(name, part)
    return found


@pytest.mark.parametrize("service, name", OPERATIONS, ids=[":".join(pair) for pair in OPERATIONS])
def test_reads_what_the_snapshot_holds(url, service, name):
    parameters, answer = CALLS[service, name]
    boto = client(service, url)
    if name not in boto.meta.service_model.operation_names:
        pytest.skip(f"boto3 {boto3.__version__} does not know {service}:{name}")
    method = boto.meta.method_to_api_mapping
    method = next(python for python, api in method.items() if api == name)
    if boto.can_paginate(method):
        found = join(boto.get_paginator(method).paginate(**parameters))
    else:
        found = join(page_by_page(getattr(boto, method), parameters))
    if "Body" in found:
        assert len(found["Body"].read()) == 11
    assert comparable(found) == comparable(known_to(boto, name, answer))


@pytest.mark.parametrize("service, method, code", [
    ("sts", "get_caller_identity", "SignatureDoesNotMatch"), ("ec2", "describe_vpcs", "SignatureDoesNotMatch"),
    ("cur", "describe_report_definitions", "InvalidSignatureException"), ("s3", "list_buckets", "SignatureDoesNotMatch"),
])
def test_another_secret_is_refused(url, service, method, code):
    with pytest.raises(ClientError) as caught:
        getattr(client(service, url, secret="another"), method)()
    assert caught.value.response["Error"]["Code"] == code


def test_an_answer_that_is_missing_is_an_error(url):
    with pytest.raises(ClientError) as caught:
        client("iam", url).get_user(UserName="nobody-that-was-asked")
    assert caught.value.response["Error"]["Code"] == "NotInSnapshot"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404
