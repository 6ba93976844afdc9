"""The exit statuses of every command (README, "Exit status"), told the same way into a file, a pipe whose reader leaves, a full disk and nowhere."""

import functools
import gzip
import json
import os
import pathlib
import signal
import subprocess

import pytest

PROGRAM = os.path.abspath(os.environ.get("EXPORTCHECK", "build/dev/exportcheck"))
ROOT = pathlib.Path(__file__).resolve().parents[2]
HEALTHY = ROOT / "tests/accounts/root-existing-cur2.json"
FAULTY = ROOT / "tests/accounts/demo-root-existing.json"
GOLDEN = ROOT / "tests/golden/reports"
LISTING = b"2026-01-06 10:11:12 1234 a/exp/data/BILLING_PERIOD=2026-01/exp-00001.csv.gz\n"
SIMULATION = (b'{"id": "x", "request": {"principal": "arn:aws:iam::123456789012:user/u", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k", '
              b'"resource_account": "123456789012", "context": {}}}\n')
COSTS = ("bill_billing_period_start_date,line_item_usage_account_id,line_item_line_item_type,line_item_usage_start_date,line_item_usage_end_date,"
         "line_item_product_code,line_item_resource_id,line_item_currency_code,line_item_blended_cost,line_item_unblended_cost\n"
         "2026-10-01T00:00:00Z,123456789012,Usage,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,AmazonEC2,i-1,USD,1,1\n")


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    """A folder with what the rows below name."""
    folder = tmp_path_factory.mktemp("given")
    account = json.loads(HEALTHY.read_text(encoding="utf-8"))
    account["calls"] = [call for call in account["calls"] if call["operation"] != "GetBucketPolicy"]
    (folder / "unread.json").write_text(json.dumps(account), encoding="utf-8")
    (folder / "broken.json").write_text("{", encoding="utf-8")
    for name, changes in (("right", [{"call": "s3:HeadBucket", "error": {"code": "404", "http_status": 404}}]), ("wrong", [])):
        case = {"name": name, "changes": changes, "expect": {"bucket-exists": "fail"}}
        (folder / f"{name}-case.json").write_text(json.dumps({"account": str(HEALTHY), "cases": [case]}), encoding="utf-8")
    statement = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b"}
    (folder / "policy.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": [statement]}), encoding="utf-8")
    (folder / "bad-policy.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": [{**statement, "Effect": "Alow"}]}), encoding="utf-8")
    for name, data in (("costs", gzip.compress(COSTS.encode())), ("damaged", gzip.compress(COSTS.encode())[:-20])):
        month = folder / name / "cur/exp/data/BILLING_PERIOD=2026-10"
        month.mkdir(parents=True)
        (month / "exp-00001.csv.gz").write_bytes(data)
    (folder / "empty").mkdir()
    (folder / "words.txt").write_text("nothing of this is known\n", encoding="utf-8")
    return folder


# What is typed, its status, and what stands on standard input.
ROWS = [
    ("", 2),
    ("--help", 0),
    ("--version", 0),
    ("chekc", 2),
    (f"check --snapshot {HEALTHY}", 0),
    (f"check --snapshot {FAULTY}", 1),
    ("check --snapshot unread.json", 3),
    (f"check --snapshot {FAULTY} --rule bucket-exists", 0),
    (f"check --snapshot {FAULTY} --rule no-such-rule", 2),
    ("check --snapshot nowhere.json", 2),
    ("check --snapshot broken.json", 2),
    (f"check --snapshot {HEALTHY} --waivers broken.json", 2),
    (f"check --snapshot {HEALTHY} -o html=/dev/full", 4),
    (f"check --snapshot {FAULTY} -o json=no/such/folder.json", 4),
    ("check --bucket acme-billing", 2),
    ("check --show-config", 2),
    *[(f"check --snapshot {FAULTY} -o {name}", 1) for name in
      "json jsonl junit junit:file html sarif markdown markdown:comment github gitlab openmetrics csv ocsf".split()],
    (f"collect --snapshot {HEALTHY}", 0),
    (f"collect --snapshot {HEALTHY} -o /dev/full", 4),
    ("collect --snapshot nowhere.json", 2),
    ("serve nowhere.json", 2),
    (f"serve {HEALTHY} --listen nowhere", 2),
    ("rules list", 0),
    ("rules show bucket-exists", 0),
    ("rules show bucket-exits", 2),
    ("rules lint --cases nowhere", 2),
    ("rules lint broken.json --cases empty", 1),
    ("rules test right-case.json", 0),
    ("rules test wrong-case.json", 1),
    ("rules test nowhere.json", 2),
    ("rules lst", 2),
    ("policy print", 0),
    ("policy print read-bucket --bucket acme-billing", 0),
    ("policy print read-bukket", 2),
    ("policy permissions", 0),
    ("policy permissions --scenario nowhere", 2),
    ("policy lint policy.json", 0),
    ("policy lint bad-policy.json", 1),
    ("policy lint nowhere.json", 2),
    ("policy simulate", 0, SIMULATION),
    ("policy simulate", 2, b"{\n"),
    ("costs --files costs --as-of 2026-11-20T00:00:00Z", 0),
    ("costs --files costs --as-of 2026-11-20T00:00:00Z --json", 0),
    ("costs --files damaged --as-of 2026-11-20T00:00:00Z", 3),
    ("costs --files nowhere", 2),
    ("predict --bucket acme --prefix a --export-name exp --listing -", 0, LISTING),
    ("predict --bucket acme --prefix b --export-name exp --listing -", 1, LISTING),
    ("predict --bucket acme --prefix a --export-name exp --listing nowhere.txt", 2),
    ("predict --cases broken.json", 2),
    ("query a", 0, b'{"a": 1}'),
    ("query a[", 2, b'{"a": 1}'),
    ("query a", 2, b"{"),
    ("explain bucket-exists", 0),
    ("explain AccessDenied", 0),
    ("explain -", 0, b"NoSuchBucket"),
    ("explain zzz-yyy-xxx", 2),
    ("explain --file nowhere.txt", 2),
    (f"report render {GOLDEN}/faulty.json", 0),
    (f"report render {GOLDEN}/faulty.json -o html", 0),
    ("report render broken.json", 2),
    (f"report merge {GOLDEN}/faulty.json {GOLDEN}/healthy.json", 0),
    ("report merge nowhere.json", 2),
    (f"report compare {GOLDEN}/faulty.json {GOLDEN}/faulty.json", 0),
    (f"report compare {GOLDEN}/healthy.json {GOLDEN}/faulty.json", 1),
    (f"report compare {GOLDEN}/healthy.json {GOLDEN}/faulty.json -o html", 1),
    (f"report compare {GOLDEN}/healthy.json {GOLDEN}/faulty.json -o json", 1),
    (f"report compare {GOLDEN}/healthy.json {GOLDEN}/faulty.json -o markdown", 1),
    ("report compare nowhere.json nowhere.json", 2),
    ("demo --output-dir shown", 0),
    ("demo --output-dir /dev/null/shown", 4),
    ("help", 0),
    ("help check", 0),
    ("help --man check", 0),
    ("help chekc", 2),
    *[(f"completion {shell}", 0) for shell in ("bash", "zsh", "fish")],
    ("completion tcsh", 2),
    ("init", 2),
]
PARAMETERS = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0].replace(str(ROOT), '')} = {row[1]}")


def run(there, row, output=subprocess.PIPE, **options):
    words, given = row[0].split(), row[2] if len(row) > 2 else b""
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true", "TZ": "UTC"}
    done = subprocess.run([PROGRAM, *words], input=given, stdout=output, stderr=subprocess.PIPE, cwd=there, env=environment, timeout=60,
                          check=False, **options)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def usual(there):
    """The row's end where its output is read: the status is as the table says; found once."""
    return functools.cache(lambda row: run(there, row))


@PARAMETERS
def test_the_status_is_the_tables_and_who_fails_says_so(usual, row):
    status, output, errors = usual(row)
    assert status == row[1], errors.decode()
    assert not output or status in (0, 1, 3) or row[0] in ("policy simulate", "check --show-config"), output
    if status in (2, 4) and row[0]:
        assert errors.startswith(b"exportcheck: ") or row[0] == "policy simulate", errors


@PARAMETERS
def test_a_reader_that_leaves_changes_nothing_and_is_not_told(there, usual, row):
    status, _, errors = usual(row)
    reader, writer = os.pipe()
    os.close(reader)
    try:
        assert run(there, row, output=writer)[::2] == (status, errors)
    finally:
        os.close(writer)


@PARAMETERS
def test_a_full_disk_is_a_failure_of_the_program(there, usual, row):
    if not os.path.exists("/dev/full"):
        pytest.skip("SKIPPED: there is no /dev/full")
    status, output, errors = usual(row)
    with open("/dev/full", "wb") as full:
        found, _, told = run(there, row, output=full)
    if output:
        assert found == 4 and b"standard output: cannot write" in told
    else:
        assert (found, told) == (status, errors)


@PARAMETERS
def test_output_that_is_closed_is_a_failure_and_no_other_file_gets_it(there, usual, row):
    status, output, errors = usual(row)
    found, _, told = run(there, row, output=None, preexec_fn=lambda: os.close(1))
    if output:
        assert found == 4 and b"standard output: cannot write" in told
    else:
        assert (found, told) == (status, errors)


def test_a_report_in_a_file_is_whole_where_all_standard_streams_are_closed(there, tmp_path):
    words = ["check", "--snapshot", str(FAULTY), "-o", "text", "-o", f"json={tmp_path}/results.json"]

    def close_all():
        for stream in range(3):
            os.close(stream)
    done = subprocess.run([PROGRAM, *words], cwd=there, check=False, timeout=60, preexec_fn=close_all)
    assert done.returncode == 4  # the text report went nowhere
    assert json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["exit_status"] == 1


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_serve_ends_in_order(end):
    with subprocess.Popen([PROGRAM, "serve", HEALTHY], stdout=subprocess.PIPE) as server:
        assert server.stdout.readline().startswith(b"http://127.0.0.1:")
        server.stdout.close()  # head -1 is no reason to end
        server.send_signal(end)
        assert server.wait(30) == 0


def test_serve_ends_where_its_address_cannot_be_told():
    if not os.path.exists("/dev/full"):
        pytest.skip("SKIPPED: there is no /dev/full")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([PROGRAM, "serve", HEALTHY], stdout=full, stderr=subprocess.PIPE, timeout=30, check=False)
    assert done.returncode == 4 and b"standard output: cannot write" in done.stderr
