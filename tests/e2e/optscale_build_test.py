"""`--optscale-build`: what older builds of OptScale make of an account."""

import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
ACCOUNTS = ROOT / "tests" / "accounts"


def run(*words):
    return subprocess.run([EXPORTCHECK, *words], capture_output=True, text=True, check=False, timeout=60)


def report(snapshot, *options):
    done = run("check", "--snapshot", str(snapshot), "-o", "json", *options)
    assert done.returncode in (0, 1, 3), done.stderr
    return json.loads(done.stdout)


def check(snapshot, *options):
    return {result["rule"]: result for result in report(snapshot, *options)["results"]}


def call(account, operation):
    return next(call for call in account["calls"] if call["operation"] == operation)


def old_location(account):
    call(account, "GetBucketLocation")["answer"]["LocationConstraint"] = "EU"


def new_region(account):
    call(account, "GetBucketLocation")["answer"]["LocationConstraint"] = "ap-southeast-6"


def nothing_delivered(account):
    call(account, "ListObjectsV2")["answer"]["Contents"] = []


def parquet(account):
    call(account, "GetExport")["answer"]["Export"]["DestinationConfigurations"]["S3Destination"]["S3OutputConfigurations"].update(Format="PARQUET", Compression="PARQUET")


def second_page(account):
    """The folder `data/` holds more keys than one page: the newest month is on the second."""
    listing = call(account, "ListObjectsV2")["answer"]["Contents"]
    first = next(item for item in listing if item["Key"].endswith(".csv.gz"))
    month = first["Key"].split("BILLING_PERIOD=")[1][:7]
    listing += [dict(first, Key=f"cur2/optscale/data/BILLING_PERIOD={month}/optscale-{part:05}.csv.gz") for part in range(2, 1200)]
    listing.sort(key=lambda item: item["Key"])


def imported_long_ago(account):
    call(account, "ListCloudAccounts")["answer"]["cloud_accounts"][0]["last_import_modified_at"] = 1795000000


def as_it_is(account):
    assert account["calls"]


HINT = "Please check your CUR version"
ENDPOINT = "Could not connect to the endpoint URL"

# Where builds differ in what a check says: sample account, change, and by rule the verdict of S26, H26 and H24; under `connect` and
# `import`, what OptScale's message has in it ("" where it succeeds).
DIFFERENCES = {
    "a location EU is a host's name": ("cur2", old_location, {"bucket-region-known": ["pass", "pass", "fail"], "connect": ["", "", ENDPOINT], "import": ["", "", ENDPOINT]}),
    "a list of regions": ("cur2", new_region, {"bucket-region-known": ["fail", "fail", "pass"]}),
    "one page of a folder": ("cur2", second_page, {"delivery-all-periods-seen": ["pass", "pass", "fail"], "delivery-current-month": ["pass", "pass", "fail"]}),
    "a hint behind the message": ("cur2", nothing_delivered, {"delivery-files-found": ["fail", "fail", "fail"], "import": [HINT, HINT, "not found in bucket acme-billing"]}),
    "rows without a usage type in Parquet": ("cur2", parquet, {"export-format": ["pass", "pass", "fail"]}),
    "an assumed role": ("role", as_it_is, {"principal-active-key": ["skip", "skip", "fail"]}),
    "the time of the newest imported file": ("optscale", imported_long_ago, {"data-source-import-fresh": ["fail", "skip", "fail"]}),
}


def found_by(build, path):
    found = report(path, "--optscale-build", build)
    errors = {step: found["optscale"][step]["error"] or "" for step in ("connect", "discovery")}
    return {result["rule"]: result["status"] for result in found["results"]}, {"connect": errors["connect"], "import": errors["discovery"]}


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_builds_differ_as_the_table_says(difference, tmp_path):
    name, change, expected = DIFFERENCES[difference]
    account = json.loads((ACCOUNTS / f"root-existing-{name}.json").read_text(encoding="utf-8"))
    change(account)
    path = tmp_path / "account.json"
    path.write_text(json.dumps(account), encoding="utf-8")
    for place, build in enumerate(("S26", "H26", "H24")):
        statuses, errors = found_by(build, path)
        for what, wanted in expected.items():
            if what in statuses:
                assert statuses[what] == wanted[place], (build, what)
            else:
                assert wanted[place] in errors[what] and bool(wanted[place]) == bool(errors[what]), (build, what, errors)
    if difference == "a hint behind the message":
        assert HINT not in errors["import"]


def test_databases_are_discovered_by_one_build_alone():
    severities = [check(ACCOUNTS / "root-existing-cur2.json", "--optscale-build", build)["permission-newer-optscale"]["severity"] for build in ("S26", "H26", "H24")]
    assert severities == ["low", "medium", "low"]


def test_a_target_may_name_the_build(tmp_path):
    account = json.loads((ACCOUNTS / "root-existing-cur2.json").read_text(encoding="utf-8"))
    old_location(account)
    account["target"]["optscale_build"] = "H24"
    path = tmp_path / "account.json"
    path.write_text(json.dumps(account), encoding="utf-8")
    assert check(path)["bucket-region-known"]["status"] == "fail"
    assert check(path, "--optscale-build", "S26")["bucket-region-known"]["status"] == "pass"


def test_a_build_that_is_none_is_refused():
    done = run("check", "--snapshot", str(ACCOUNTS / "root-existing-cur2.json"), "--optscale-build", "H25")
    assert done.returncode == 2
    assert "H24" in done.stderr
