"""`--optscale-build`: what older builds of OptScale make of an account."""

import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
ACCOUNTS = ROOT / "tests" / "accounts"
PUBLIC = ROOT.parent / "shared" / "data" / "public-cases" / "old-builds.json"


def run(*words):
    return subprocess.run([EXPORTCHECK, *words], capture_output=True, text=True, check=False, timeout=60)


def check(snapshot, *options):
    done = run("check", "--snapshot", str(snapshot), "-o", "json", *options)
    assert done.returncode in (0, 1, 3), done.stderr
    return {result["rule"]: result for result in json.loads(done.stdout)["results"]}


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """An account whose folder `data/` holds more keys than one page: the newest month is on the second."""
    account = json.loads((ACCOUNTS / "root-existing-cur2.json").read_text(encoding="utf-8"))
    listing = next(call for call in account["calls"] if call["operation"] == "ListObjectsV2")["answer"]["Contents"]
    first = next(item for item in listing if item["Key"].endswith(".csv.gz"))
    month = first["Key"].split("BILLING_PERIOD=")[1][:7]
    listing += [dict(first, Key=f"cur2/optscale/data/BILLING_PERIOD={month}/optscale-{part:05}.csv.gz") for part in range(2, 1200)]
    listing.sort(key=lambda item: item["Key"])
    path = tmp_path_factory.mktemp("many") / "account.json"
    path.write_text(json.dumps(account), encoding="utf-8")
    return path


@pytest.mark.parametrize("build,seen", [("S26", "pass"), ("H26", "pass"), ("H24", "fail")])
def test_an_old_build_sees_the_first_thousand_keys_of_a_folder(many, build, seen):
    found = check(many, "--optscale-build", build)
    assert found["delivery-all-periods-seen"]["status"] == seen
    assert found["delivery-current-month"]["status"] == seen


def test_a_target_may_name_the_build(many, tmp_path):
    account = json.loads(many.read_text(encoding="utf-8"))
    account["target"]["optscale_build"] = "H24"
    path = tmp_path / "account.json"
    path.write_text(json.dumps(account), encoding="utf-8")
    assert check(path)["delivery-all-periods-seen"]["status"] == "fail"
    assert check(path, "--optscale-build", "S26")["delivery-all-periods-seen"]["status"] == "pass"


def test_an_old_build_assumes_no_role():
    role = ACCOUNTS / "root-existing-role.json"
    assert check(role)["principal-active-key"]["status"] == "skip"
    assert check(role, "--optscale-build", "H24")["principal-active-key"]["status"] == "fail"


def test_a_build_that_is_none_is_refused():
    done = run("check", "--snapshot", str(ACCOUNTS / "root-existing-cur2.json"), "--optscale-build", "H25")
    assert done.returncode == 2
    assert "H24" in done.stderr


def test_public_cases_hold(tmp_path):
    if not PUBLIC.exists():
        pytest.skip(f"{PUBLIC} is not there")
    cases = json.loads(PUBLIC.read_text(encoding="utf-8"))
    cases["account"] = str(ACCOUNTS / cases["account"])
    path = tmp_path / "old-builds.json"
    path.write_text(json.dumps(cases), encoding="utf-8")
    done = run("rules", "test", str(path))
    assert done.returncode == 0, done.stdout
