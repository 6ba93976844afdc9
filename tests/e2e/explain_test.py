"""`explain MESSAGE`: any message that OptScale's connect can end with is known, cut or quoted too."""

import gzip
import json
import os
import pathlib
import re
import subprocess

import pytest

from conftest import share

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = ROOT.parent / "shared/data/optscale-cases.jsonl.gz"
MESSAGES = json.loads((ROOT / "rules/optscale/messages.json").read_text(encoding="utf-8"))["messages"]


def explain(*words):
    return subprocess.run([EXPORTCHECK, "explain", "--json", "--", *words], capture_output=True, check=False)


def ids(*words):
    done = explain(*words)
    assert done.returncode == 0, (words, done.stderr)
    return [entry["id"] for entry in json.loads(done.stdout)["explanations"]]


def test_optscale_and_aws_are_explained_side_by_side():
    assert ids("Not enough permissions to list reports: An error occurred (AccessDeniedException) when calling the "
               "ListExports operation: User: arn:aws:iam::1:user/u is not authorized to perform: "
               "bcm-data-exports:ListExports on resource: * because no identity-based policy allows the "
               "bcm-data-exports:ListExports action") == [
        "list-reports-refused", "aws-list-exports", "reason-no-identity-policy"]


def test_an_unquoted_message_is_joined():
    assert ids("Bucket", "acme", "not", "found") == ["bucket-not-found"]


def test_words_name_the_bucket_and_the_rules():
    done = subprocess.run([EXPORTCHECK, "explain", "Bucket acme not found"], capture_output=True, text=True, check=True)
    assert "no bucket named acme" in done.stdout
    assert "bucket-exists" in done.stdout


def test_what_is_not_known_says_so_and_names_the_nearest():
    done = explain("the report files are not there")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"not known" in done.stderr and b"Report files for report" in done.stderr
    assert explain("xyzzy").returncode == 2


def test_a_rule_is_shown_whole_and_a_near_one_named():
    done = subprocess.run([EXPORTCHECK, "explain", "bucket-exists"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("bucket-exists: ")
    assert "\nHow to put it right\n" in done.stdout
    done = explain("bucket-exist")
    assert done.returncode == 2
    assert b"did you mean the rule 'bucket-exists'?" in done.stderr


def test_no_line_is_wider_than_a_terminal():
    done = subprocess.run([EXPORTCHECK, "explain", "Bucket acme not found"], capture_output=True, text=True, check=True)
    assert max(len(line) for line in done.stdout.splitlines()[1:]) <= 80


def test_every_entry_names_rules_that_exist():
    listed = subprocess.run([EXPORTCHECK, "rules", "list"], capture_output=True, text=True, check=True).stdout
    known = {line.split()[0] for line in listed.splitlines() if line.strip()}
    assert {rule for message in MESSAGES for rule in message["rules"]} <= known


def test_every_recorded_message_is_known_whole_and_cut():
    if not CASES.exists():
        pytest.skip(f"{CASES} does not exist: the recorded messages are not part of the repository")
    with gzip.open(CASES, "rt", encoding="utf-8", newline="\n") as lines:
        cases = [json.loads(line) for line in lines]
    errors = {case["expected"][part]["error"] for case in cases for part in ("connect", "discovery")} - {None}
    for error in share(sorted(errors)):
        assert ids(error), error
        assert ids(error[:255])[0] == ids(error)[0], error


# ---------------------------------------------------------------- what people quote


BOTOCORE = ROOT.parent / "shared/data/botocore"
PUBLIC = ROOT.parent / "shared/data/public-cases/messages.txt"
TABLE = ROOT / "engine/aws/operation/operations.json"
# What OptScale calls beside what we call (facts on OptScale, section 7): it creates, and it assumes roles.
OPTSCALE_CALLS = {"CreateExport", "PutReportDefinition", "CreateBucket", "PutBucketPolicy", "AssumeRole", "GetMetricStatistics"}
TRACEBACK = """Traceback (most recent call last):
  File "/usr/src/app/diworker/importers/base.py", line 123, in import_report
    raise ReportFilesNotFoundException('Bucket acme not found')
  File "/usr/src/app/diworker/importers/aws.py", line 456, in load
    data = zipfile.ZipFile(path)
zipfile.BadZipFile: File is not a zip file"""
LOG = f"""2026-11-22 10:00:01 INFO started
2026-11-22 10:00:02 ERROR Rate exceeded
2026-11-22 10:00:03 ERROR Bucket acme not found
2026-11-22 10:00:04 ERROR Bucket acme not found
2026-11-22 10:00:05 ERROR Bucket other not found
{TRACEBACK}
2026-11-22 10:00:09 ERROR distinct too big, 16mb cap
"""


def words(*arguments, **given):
    return subprocess.run([EXPORTCHECK, "explain", *arguments], capture_output=True, text=True, check=False, timeout=60, **given)


def test_every_error_code_of_the_operations_called_is_known_alone_and_in_a_sentence():
    if not BOTOCORE.exists():
        pytest.skip(f"{BOTOCORE} does not exist: the codes of the service models cannot be compared")
    reading = re.compile(r"^(Get|List|Describe|Head|Simulate|Lookup)")
    codes = {}
    for path in BOTOCORE.glob("*/*/service-2.json*"):
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
            model = json.load(file)
        for name, operation in model["operations"].items():
            for error in operation.get("errors", []) if reading.match(name) or name in OPTSCALE_CALLS else []:
                code = model["shapes"][error["shape"]].get("error", {}).get("code") or error["shape"]
                codes[code] = name
    assert len(codes) > 30
    unknown = [code for code, name in share(sorted(codes.items()))
               if words(code).returncode or "aws-other" in ids(f"An error occurred ({code}) when calling the {name} operation: no")]
    assert unknown == []


# What OptScale calls besides, by service (facts on OptScale, section 7): discovery of newer builds, flavors, power schedules.
OPTSCALE_CALLS_ELSEWHERE = {
    "cloudwatch": ["GetMetricData", "GetMetricStatistics"],
    "emr-serverless": ["GetApplication", "ListApplications", "ListTagsForResource", "StartApplication", "StopApplication"],
    "kms": ["Decrypt", "ListResourceTags"],
    "pricing": ["GetProducts"],
    "rds": ["DescribeDBClusters", "DescribeDBInstances", "StartDBCluster", "StartDBInstance", "StopDBCluster", "StopDBInstance"],
    "redshift": ["DescribeClusters", "PauseCluster", "ResumeCluster"],
    "redshift-serverless": ["GetWorkgroup", "ListTagsForResource", "ListWorkgroups"],
    "s3": ["CreateBucket", "GetObject", "HeadObject", "ListObjectsV2", "PutBucketPolicy"],
    "ssm": ["GetParameter"],
}


def test_every_error_code_of_the_operations_that_optscale_calls_elsewhere_is_known():
    session = pytest.importorskip("botocore.session", reason="botocore is not installed: the codes of its models are not compared").get_session()
    codes = {}
    for service, names in OPTSCALE_CALLS_ELSEWHERE.items():
        model = session.get_service_model(service)
        for name in names:
            for error in model.operation_model(name).error_shapes:
                codes[error.metadata.get("error", {}).get("code") or error.name] = name
    assert len(codes) > 30
    codes = dict(share(sorted(codes.items())))
    known = {code: ids(f"An error occurred ({code}) when calling the {name} operation: no") for code, name in codes.items()}
    assert {code: found for code, found in known.items() if not found or "aws-other" in found} == {}
    assert all(ids(code) for code in codes)


# As people title their reports on OptScale, and as AWS, Python and its tools say it; with the entry that has to come first.
QUOTED = {
    "Only latest reports are getting imported": "user-little-history",
    "Billing import failed": "user-import-fails",
    "AWS CUR data visible in S3 but OptScale imports only until October": "user-no-newer-data",
    "Unable to connect CUR2.0 from Data Exports on BillingView account (AWS)": "user-cannot-connect",
    "Linked accounts connected, but Total Expenses do not change": "user-too-low",
    "AWS account bill does not match the amount shown in the OptScale account.": "user-too-low",
    "Resources not being discovered on Master (DPA) account": "user-no-resources",
    "Billing data import for cloud account X failed: 'NoneType' object has no attribute 'lower'": "python-attribute",
    'Could not connect to the endpoint URL: "https://b.s3.EU.amazonaws.com/?publicAccessBlock"': "aws-endpoint-eu",
    "Failed to verify customer bucket permission. accountId= 1, bucket name: b, bucket region: ap-northeast-1": "aws-bucket-permission",
    "An error occurred (SlowDown) when calling the GetObject operation: Please reduce your request rate.": "aws-throttled",
    "An error occurred (503) when calling the HeadObject operation: Service Unavailable": "aws-throttled",
    "An error occurred (400) when calling the HeadObject operation: Bad Request": "aws-head-bad-request",
    "An error occurred (AccessDenied) when calling the GetBucketTagging operation: Access Denied": "aws-discover-buckets",
    "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'": "aws-redirect",
    "INSUFFICIENT_PERMISSION": "aws-export-insufficient-permission",
    "BILL_OWNER_CHANGED": "aws-export-bill-owner",
    "requests.exceptions.HTTPError: 500 Server Error: Internal Server Error for url: http://restapi/x": "own-server-error",
    "json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)": "python-attribute",
    "command terminated: signal: killed": "python-memory",
    "Code: 241. DB::Exception: Memory limit (total) exceeded": "clickhouse-memory",
    "pymongo.errors.DocumentTooLarge: BSON document too large (20000000 bytes)": "mongo-document",
}


@pytest.mark.parametrize("message", QUOTED)
def test_what_people_quote_leads_to_its_entry(message):
    assert ids(message)[:1] == [QUOTED[message]]


def test_of_a_traceback_the_last_line_decides():
    assert ids(TRACEBACK) == ["python-bad-zip"]
    assert "python-memory" in ids("MemoryError") and "python-eof" in ids("EOFError: no more")
    assert ids("KeyError: 'line_item_usage_account_id'") == ["column-missing"]
    assert ids("KeyError: 'something'") == ["python-key-error"]


def test_words_of_a_user_lead_to_what_they_may_mean_with_how_sure_that_is():
    done = words("--json", "report was not found")
    entry = json.loads(done.stdout)["explanations"][0]
    assert (done.returncode, entry["id"], entry["speaker"], entry["sure"]) == (0, "user-not-found", "user", 75)
    shown = words("no data after October").stdout
    assert "likely: 75% of the words" in shown and "delivery-all-periods-seen" in shown
    assert shown.index("delivery-all-periods-seen") < shown.index("organization-accounts-connected")


def test_a_log_is_explained_message_by_message_the_most_telling_first(tmp_path):
    path = tmp_path / "diworker.log"
    path.write_text(LOG, encoding="utf-8")
    found = json.loads(words("--json", "--file", str(path)).stdout)["messages"]
    assert sorted((entry["explanations"][0]["id"], entry["times"]) for entry in found) == [
        ("aws-throttled", 1), ("bucket-not-found", 1), ("bucket-not-found", 2), ("mongo-distinct", 1), ("python-bad-zip", 1)]
    assert found[0]["explanations"][0]["id"] == "mongo-distinct"
    shown = words("--file", str(path)).stdout
    assert "2 times: " in shown and f"{len(LOG.splitlines())} lines read, 5 messages known." in shown
    assert words("-", input=LOG).stdout == shown


def test_a_message_on_standard_input_may_be_wrapped_and_nothing_known_is_said():
    assert "Report files for report" in words("-", input="Report files for report\n exp not found in\n bucket b").stdout
    assert words("-", input="all is well\n").returncode == 2
    assert words("--file", "/nonexistent.log").returncode == 2
    assert words("--file", "a.log", "a message").returncode == 2
    assert words().returncode == 2


def peak_of(path):
    """What is found in a log, and the kilobytes that it took."""
    with subprocess.Popen([EXPORTCHECK, "explain", "--json", "--file", str(path)], stdout=subprocess.PIPE, text=True) as running:
        found = json.loads(running.stdout.read())
        _, status, usage = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    assert running.returncode == 0
    return found, usage.ru_maxrss


def test_a_long_log_is_read_to_its_end_in_the_same_memory(tmp_path):
    path = tmp_path / "long.log"
    peaks = []
    for count in (5_000, 50_000):
        lines = (f"{i:x} {'Bucket b' + format(i, 'x') + ' not found' if i % 10 == 0 else 'nothing of note ' * 5}\n" for i in range(count))
        path.write_text("x" * 200_000 + "\n" + "".join(lines) + "Rate exceeded\n", encoding="utf-8")
        found, peak = peak_of(path)
        peaks.append(peak)
        assert found["lines"] == count + 2 and found["others"] == count // 10 - 20
        ids_found = [entry["explanations"][0]["id"] for entry in found["messages"]]
        assert ids_found.count("bucket-not-found") == 20 and ids_found[-1] == "aws-throttled"
    assert peaks[1] < peaks[0] * 1.2


def test_of_one_kind_the_first_is_explained_and_others_are_named_beside_it():
    shown = words("-", input="Bucket a not found\nRate exceeded\nBucket b not found\nBucket a not found\n").stdout
    assert shown.count("OptScale says: Bucket") == 1
    assert "line 1, 2 times: Bucket a not found" in shown and "  line 3, 1 time: Bucket b not found" in shown


def test_public_messages_are_explained():
    if not PUBLIC.exists():
        pytest.skip(f"{PUBLIC} does not exist")
    for line in PUBLIC.read_text(encoding="utf-8").splitlines():
        message, bar, wanted = line.partition(" | ")
        if bar and not line.startswith("#"):
            done = words("--", message)
            missing = [word for word in wanted.split(", ") if word.lower() not in done.stdout.lower()]
            assert (done.returncode, missing) == (0, []), message
