"""The sample accounts are as real as AWS's answers: boto3 reads every one of them, times that a clock shows included."""

import json
import os
import pathlib
import re
import subprocess

import pytest

botocore_session = pytest.importorskip("botocore.session", reason="botocore is not installed: no SDK reads the samples")
from botocore.config import Config  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
ACCOUNTS = sorted(pathlib.Path("tests/accounts").glob("*.json"))
CLIENTS = {"elbv2": "elbv2", "elb": "elb", "s3control": "s3control"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT(\d\d):(\d\d):(\d\d)")


@pytest.fixture(scope="module")
def session():
    found = botocore_session.Session()
    found.set_credentials("AKIAIOSFODNN7EXAMPLE", "any")
    return found


@pytest.fixture(scope="module")
def client(session):
    """One client a service, whose address is told with each call: making one costs more than all its calls."""
    made, at = {}, {"url": ""}

    def redirect(request, **_):
        request.url = at["url"] + request.url.partition("://")[2].partition("/")[1] + \
            request.url.partition("://")[2].partition("/")[2]

    def get(service, url):
        at["url"] = url
        if service not in made:
            config = Config(retries={"total_max_attempts": 1}, inject_host_prefix=False, s3={"addressing_style": "path"})
            made[service] = session.create_client(CLIENTS.get(service, service), region_name="us-east-1", config=config,
                                                  endpoint_url="http://127.0.0.1:1")
            made[service].meta.events.register("before-send.*.*", redirect)
        return made[service]
    return get


def method_of(client, operation):
    return getattr(client, {api: name for name, api in client.meta.method_to_api_mapping.items()}[operation])


def read(client, call):
    """Every page of it; an error that the sample holds is one to boto3, too."""
    found = method_of(client, call["operation"])
    try:
        if client.can_paginate(found.__name__):
            return list(client.get_paginator(found.__name__).paginate(**call["parameters"]))
        answer = found(**call["parameters"])
        if "Body" in answer:
            answer["Body"].read()
        return [answer]
    except ClientError as error:
        assert "error" in call, f"{call['service']}:{call['operation']}: {error}"
        return []


@pytest.mark.parametrize("path", ACCOUNTS, ids=lambda path: path.stem)
def test_boto3_reads_every_answer_of_every_sample(path, client):
    account = json.loads(path.read_text(encoding="utf-8"))
    server = subprocess.Popen([EXPORTCHECK, "serve", str(path)], stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        calls = [call for call in account["calls"] if call["service"] != "optscale"]
        for call in calls:
            pages = read(client(call["service"], url), call)
            assert "error" in call or pages, call["operation"]
    finally:
        server.kill()
        server.wait()


@pytest.mark.parametrize("path", ACCOUNTS, ids=lambda path: path.stem)
def test_no_sample_holds_a_time_that_no_clock_shows(path):
    for hour, minute, second in TIME.findall(path.read_text(encoding="utf-8")):
        assert int(hour) < 24 and int(minute) < 60 and int(second) < 60, f"{hour}:{minute}:{second}"
