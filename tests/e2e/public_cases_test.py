"""Situations that people reported or published, kept beside the repository: each is judged as it was said to be."""
import json
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = ROOT.parent / "shared" / "data" / "public-cases"
EXPORTCHECK = os.environ.get("EXPORTCHECK", str(ROOT / "build/dev/exportcheck"))
FILES = ["wrong-verdicts", "published-policies", "known-context", "old-builds"]

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason=f"{CASES} is not there: public cases are not run")


@pytest.mark.parametrize("name", FILES)
def test_each_case_is_judged_as_it_was_reported(name, tmp_path):
    document = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    document["account"] = str(ROOT / "tests/accounts" / document["account"])
    file = tmp_path / f"{name}.json"
    file.write_text(json.dumps(document, indent=1), encoding="utf-8")
    run = subprocess.run([EXPORTCHECK, "rules", "test", str(file)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
