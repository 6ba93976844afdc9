"""What OptScale's own code did with recorded accounts is what `predict --cases` says, exactly."""

import gzip
import json
import os
import pathlib
import subprocess

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
CASES = pathlib.Path(__file__).resolve().parents[2].parent / "shared/data/optscale-cases.jsonl.gz"


@pytest.fixture(scope="module")
def cases():
    if not CASES.exists():
        pytest.skip(f"{CASES} does not exist: the recorded cases are not part of the repository")
    with gzip.open(CASES, "rt", encoding="utf-8", newline="\n") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def answers(cases):
    lines = "".join(json.dumps({k: case[k] for k in ("id", "config", "account")}) + "\n" for case in cases)
    run = subprocess.run([EXPORTCHECK, "predict", "--full", "--cases", "-"], input=lines.encode(),
                         capture_output=True, check=True)
    assert run.stderr == b""
    return [json.loads(line) for line in run.stdout.decode().split("\n") if line]


@pytest.mark.parametrize("part", ["connect", "discovery", "first_import"])
def test_every_recorded_case_is_predicted_exactly(cases, answers, part):
    assert [answer["id"] for answer in answers] == [case["id"] for case in cases]
    wrong = [case["id"] for case, answer in zip(cases, answers) if answer[part] != case["expected"][part]]
    assert wrong == []


def test_a_line_has_the_members_of_the_contract_and_no_others():
    case = {"id": "x", "config": {"linked": True}, "account": {"caller": {"arn": "a"}, "buckets": {}}}
    run = subprocess.run([EXPORTCHECK, "predict", "--cases", "-"], input=json.dumps(case).encode(),
                         capture_output=True, check=True)
    assert json.loads(run.stdout) == {
        "id": "x",
        "connect": {"ok": True, "error": None},
        "discovery": {"ok": False, "error": "'bucket_name'", "periods": {}},
    }


def test_a_line_that_is_no_case_is_an_input_error():
    run = subprocess.run([EXPORTCHECK, "predict", "--cases", "-"], input=b'{"id": 1, "config": []}\n',
                         capture_output=True, check=False)
    assert run.returncode == 2
    assert run.stdout == b""
    assert b"line 1: config: expected an object" in run.stderr
