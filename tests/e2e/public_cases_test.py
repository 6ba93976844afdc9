"""Situations that people reported or published, kept beside the repository: each is judged as it was said to be."""
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = ROOT.parent / "shared" / "data" / "public-cases"
EXPORTCHECK = os.environ.get("EXPORTCHECK", str(ROOT / "build/dev/exportcheck"))
FILES = sorted(CASES.glob("*.json"))
OTHERWISE = {"pass": "fail", "fail": "pass"}

pytestmark = pytest.mark.skipif(not FILES, reason=f"{CASES} has no cases: public cases are not run")


def verdicts(document, tmp_path):
    document["account"] = str(ROOT / "tests/accounts" / document["account"])
    file = tmp_path / "cases.json"
    file.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return subprocess.run([EXPORTCHECK, "rules", "test", str(file)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_case_is_judged_as_it_was_reported(path, tmp_path):
    document = json.loads(path.read_text(encoding="utf-8"))
    run = verdicts(document, tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{len(document['cases'])} cases in 1 file" in run.stdout


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_opposite_of_any_verdict_would_be_found(path, tmp_path):
    document = json.loads(path.read_text(encoding="utf-8"))
    turned = [dict(case, name=f"{case['name']}: {rule}", expect=dict(case["expect"], **{rule: OTHERWISE[verdict]}))
              for case in document["cases"] for rule, verdict in case["expect"].items()]
    run = verdicts(dict(document, cases=turned), tmp_path)
    assert run.returncode == 1
    for case in turned:
        assert case["name"] in run.stdout, case["name"]
