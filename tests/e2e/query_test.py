"""`exportcheck query`: values on standard output, mistakes by name on standard error, exit status 2."""

import json
import os
import subprocess

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")


def query(*arguments, document="{}"):
    return subprocess.run([EXPORTCHECK, "query", *arguments], input=document, capture_output=True, text=True)


def test_prints_the_value_of_standard_input():
    run = query("a[*].b", document='{"a": [{"b": 1}, {"b": 2.5}, {"c": 3}]}')
    assert (run.returncode, run.stdout, run.stderr) == (0, "[\n  1,\n  2.5\n]\n", "")


def test_reads_a_file(tmp_path):
    file = tmp_path / "é.json"
    file.write_text('{"a": "é"}', encoding="utf-8")
    run = query("a", str(file))
    assert (run.returncode, run.stdout) == (0, '"é"\n')


def test_a_dash_is_standard_input():
    assert query("a", "-", document='{"a": null}').stdout == "null\n"


def test_compact_is_one_line():
    assert query("--compact", "@", document='{"a": [1, {"b": []}]}').stdout == '{"a":[1,{"b":[]}]}\n'


def test_raw_strings_have_no_quotes():
    assert query("-r", "a", document='{"a": "x\\n\\"y"}').stdout == 'x\n"y\n'
    assert query("-r", "a", document='{"a": 1}').stdout == "1\n"


def test_time_is_an_option():
    run = query("--at", "2026-11-22T10:00:00Z", "hours_since('2026-11-22T09:00:00Z')")
    assert (run.returncode, run.stdout) == (0, "1\n")
    assert query("--at", "soon", "@").returncode == 2


@pytest.mark.parametrize("expression, name", [
    ("a b", "syntax"),
    ("", "syntax"),
    ("nothing(@)", "unknown-function"),
    ("length()", "invalid-arity"),
    ("length(`1`)", "invalid-type"),
    ("a[::0]", "invalid-value"),
    ("matches('a', '(')", "invalid-value"),
    ("(" * 10000, "limit"),
])
def test_mistakes_have_names(expression, name):
    run = query(expression)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(f"exportcheck: {name}: ")


@pytest.mark.parametrize("document", ["", "{", "{} {}", '{"a": 1, "a": 2}', "[NaN]", '"\\u0000"', "[" * 200 + "]" * 200])
def test_input_must_be_strict_json(document):
    run = query("@", document=document)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("exportcheck: standard input:")


def test_a_missing_file_is_the_users_mistake():
    run = query("@", "/nonexistent/file.json")
    assert (run.returncode, run.stdout) == (2, "")


def test_results_are_json_again():
    document = {"text": "\u2028\U0001f600\"\\\t", "numbers": [0, -1, 1e21, 0.1, 123456789012]}
    assert json.loads(query("@", document=json.dumps(document)).stdout) == document


def test_output_that_cannot_be_written_is_a_failure():
    with open("/dev/full", "w") as full:
        run = subprocess.run([EXPORTCHECK, "query", "@"], input="{}", stdout=full, stderr=subprocess.PIPE, text=True)
    assert run.returncode == 4
