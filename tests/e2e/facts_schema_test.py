"""The fact files that ship are valid by the schema that editors use."""

import glob
import json

import pytest

jsonschema = pytest.importorskip("jsonschema", reason="python3-jsonschema is not installed")


def schema():
    with open("rules/schema/facts.schema.json", encoding="utf-8") as file:
        return json.load(file)


@pytest.mark.parametrize("path", sorted(glob.glob("rules/facts/*.json")))
def test_a_file_of_facts_is_valid(path):
    with open(path, encoding="utf-8") as file:
        jsonschema.Draft202012Validator(schema()).validate(json.load(file))


@pytest.mark.parametrize("fact", [
    {}, {"vlaue": "x"}, {"call": "GetUser"}, {"value": "x", "absent": []}, {"first_of": ["a"], "value": "x"},
])
def test_mistakes_are_refused(fact):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema()).validate({"a": fact})
