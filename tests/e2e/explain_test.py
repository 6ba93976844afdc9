"""`explain MESSAGE`: any message that OptScale's connect can end with is known, cut or quoted too."""

import gzip
import json
import os
import pathlib
import re
import subprocess

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
ROOT = pathlib.Path(__file__).resolve().parents[2]
CASES = ROOT.parent / "shared/data/optscale-cases.jsonl.gz"
CATALOGUE = ROOT.parent / "shared/rules-catalogue.md"
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
    if not CATALOGUE.exists():
        pytest.skip(f"{CATALOGUE} does not exist: the list of rules cannot be compared")
    known = set(re.findall(r"`([a-z][a-z0-9-]+)`", CATALOGUE.read_text(encoding="utf-8")))
    assert {rule for message in MESSAGES for rule in message["rules"]} <= known


def test_every_recorded_message_is_known_whole_and_cut():
    if not CASES.exists():
        pytest.skip(f"{CASES} does not exist: the recorded messages are not part of the repository")
    with gzip.open(CASES, "rt", encoding="utf-8", newline="\n") as lines:
        cases = [json.loads(line) for line in lines]
    errors = {case["expected"][part]["error"] for case in cases for part in ("connect", "discovery")} - {None}
    for error in sorted(errors):
        assert ids(error), error
        assert ids(error[:255])[0] == ids(error)[0], error
