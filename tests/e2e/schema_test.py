"""The schemas that editors use: what ships is valid by them, and they know the fields that the program reads."""

import glob
import json
import os
import pathlib
import re
import subprocess

import pytest

EXPORTCHECK = os.path.abspath(os.environ.get("EXPORTCHECK", "build/dev/exportcheck"))
ROOT = pathlib.Path(__file__).resolve().parents[2]
SHIPPED = [("facts", path) for path in sorted(glob.glob("rules/facts/*.json"))] + \
          [("scenario", path) for path in sorted(glob.glob("rules/scenarios/*.json"))] + \
          [("rules", path) for path in sorted(glob.glob("rules/*.json"))] + \
          [("cases", path) for path in sorted(glob.glob("tests/rules/*.json"))]


def schema(name):
    return json.loads((ROOT / f"rules/schema/{name}.schema.json").read_text(encoding="utf-8"))


def validator(name):
    jsonschema = pytest.importorskip("jsonschema", reason="python3-jsonschema is not installed")
    return jsonschema.Draft202012Validator(schema(name))


@pytest.mark.parametrize("name,path", SHIPPED, ids=[path for _, path in SHIPPED])
def test_what_ships_is_valid(name, path):
    with open(path, encoding="utf-8") as file:
        errors = list(validator(name).iter_errors(json.load(file)))
    assert not errors, "\n".join(f"{error.json_path}: {error.message[:200]}" for error in errors[:5])


RULE = {"id": "a", "title": "A", "severity": "low", "section": "S", "place": "user", "why": "w", "fix": {"note": "n"},
        "check": {"kind": "value", "value": "caller", "present": True}}
MISTAKES = {
    "no id": {"id": None}, "a severity that is none": {"severity": "urgent"}, "an unknown field": {"wy": "x"},
    "a place that is none": {"place": "cellar"}, "a kind that is none": {"check": {"kind": "vaule"}},
    "two comparisons": {"check": {"kind": "value", "value": "caller", "present": True, "equals": 1}},
    "no comparison": {"check": {"kind": "value", "value": "caller"}},
    "a field of another kind": {"check": {"kind": "state", "fact": "caller", "pass": [], "fail": [], "value": "x"}},
    "a mistake in a check of a check": {"check": {"kind": "all", "checks": [{"kind": "value"}]}},
}


def test_the_example_is_valid():
    assert validator("rules").is_valid({"rules": [RULE]})


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_refused(name):
    rule = {key: value for key, value in {**RULE, **MISTAKES[name]}.items() if value is not None}
    assert not validator("rules").is_valid({"rules": [rule]})


def test_the_manuals_waivers_are_valid_and_accepted(tmp_path):
    text = (ROOT / "docs/waivers.md").read_text(encoding="utf-8").split("```json\n")[1].split("```")[0]
    assert not list(validator("waivers").iter_errors(json.loads(text)))
    (tmp_path / "waivers.json").write_text(text, encoding="utf-8")
    done = subprocess.run([EXPORTCHECK, "check", "--snapshot", ROOT / "tests/accounts/demo-root-existing.json", "--waivers",
                           tmp_path / "waivers.json", "-o", "json"], capture_output=True, check=False)
    statuses = {result["rule"]: result["status"] for result in json.loads(done.stdout)["results"]}
    assert statuses["bucket-policy-only-this-account"] == "waived"


# --- the fields that the loader reads, from its tables ---


def source(path):
    return (ROOT / path).read_text(encoding="utf-8")


def fields(text):
    """The names in tables of `struct field`."""
    return set(re.findall(r'\{[\s\\]*"([$a-z_]+)",\s*(?:FIELD_|0)', text))


def block(path, start, end=";"):
    text = source(path)
    begin = text.index(start)
    return text[begin:text.index(end, begin)]


def loaded():
    """What a loader's table holds, and the schema's part that has to be the same."""
    load = "engine/rule/rule_load.c"
    rules, scenario, cases = schema("rules"), schema("scenario"), schema("cases")
    definitions = rules["$defs"]
    rule = definitions["rule"]["properties"]
    case = cases["$defs"]["case"]["properties"]
    return {
        "a rule": (fields(block(load, "rule_fields[]")), set(rule)),
        "a severity": (fields(block(load, "static bool load_severity_choice")),
                       set(rule["severity"]["anyOf"][1]["items"]["anyOf"][1]["properties"])),
        "fix": (fields(block(load, "static bool load_fix")), set(rule["fix"]["properties"])),
        "known": (fields(block(load, "static bool load_known")), set(rule["known"]["properties"])),
        "pending": (fields(block(load, "static bool load_pending")), set(rule["pending"]["properties"])),
        "a rule file": (fields(block(load, "static bool load_rule_file")), set(rules["properties"])),
        "a scenario": (fields(block(load, "static bool load_scenario(")), set(scenario["properties"])),
        "an entry": (fields(block(load, "static bool load_entries")),
                     set(scenario["properties"]["enter"]["items"]["properties"])),
        "a case file": (fields(block("engine/rule/cases/cases.c", "bool cases_run")), set(cases["properties"])),
        "a case": (fields(block("engine/rule/cases/cases.c", "static bool run_case")), set(case)),
        "a change": (fields(block("engine/rule/cases/change.c", "change_fields[]")),
                     set(cases["$defs"]["change"]["properties"])),
        "a waiver": (fields(block("engine/rule/waiver.c", "waiver_fields[]")),
                     set(schema("waivers")["$defs"]["waiver"]["properties"])),
        "a request": (fields(block("checks/grants/requests.c", "request_fields[]")) |
                      fields(block("checks/grants/requests.c", "asked_fields[]")),
                      set(definitions["request"]["properties"])),
        "a context key": (fields(block("checks/grants/requests.c", "static bool load_key")),
                          set(definitions["context_key"]["properties"])),
        "policies": (fields(source("checks/grants/environment.c")), set(definitions["policies"]["properties"])),
    }


@pytest.mark.parametrize("what", ["a rule", "a severity", "fix", "known", "pending", "a rule file", "a scenario",
                                  "an entry", "a case file", "a case", "a change", "a waiver", "a request", "a context key",
                                  "policies"])
def test_the_schema_has_the_fields_that_the_loader_reads(what):
    read, described = loaded()[what]
    assert read and read == described


def kinds():
    return re.findall(r"^CHECK_KIND\((\w+)\)", source("checks/kinds.def"), re.MULTILINE)


def fields_of_kind(kind):
    """The table of the kind's own file, with the macros that it names."""
    if kind in ("all", "any", "not"):
        tables = re.findall(r"struct field fields\[\] = .*?;", source("checks/combine.c"), re.DOTALL)
        return next(fields(table) for table in tables if ("checks" in fields(table)) == (kind != "not"))
    name = "grants" if kind.startswith("grants") else kind
    path = next((ROOT / "checks").rglob(f"{name}.c"))
    text = source(path)
    tables = re.findall(r"struct field fields\[[^]]*\] = .*?;", text, re.DOTALL)
    table = next(table for table in tables if '"kind"' in table)
    found = fields(table)
    if kind == "value":
        found |= fields(block(path, "comparisons[]"))
    for macro, header in (("MODEL_FIELDS", "checks/optscale/model.h"),
                          ("GRANTS_TEMPLATE_FIELDS", "checks/grants/template.h")):
        if macro in table:
            found |= fields(block(header, f"#define {macro}", "\n\n"))
    if kind != "grants":
        found -= {"probes", "simulated", "inline"}
    return found - {"universe"} if kind in ("grants", "grants_none") else found


@pytest.mark.parametrize("kind", kinds())
def test_the_schema_has_the_fields_of_a_kind_of_check(kind):
    assert set(schema("rules")["$defs"][f"check_{kind}"]["properties"]) == fields_of_kind(kind)


def test_the_schema_has_every_kind_of_check():
    assert schema("rules")["$defs"]["check"]["properties"]["kind"]["enum"] == kinds()


def test_the_schema_of_facts_has_the_fields_that_are_read():
    text = source("engine/account/facts/declarations.c")
    table = next(table for table in re.findall(r"fields\[\] = \{.*?\n\};", text, re.DOTALL) if '"first_of"' in table)
    read = set(re.findall(r'\{STR_INIT\("([a-z_]+)"\)', table))
    described = set(schema("facts")["$defs"]["fact"]["properties"])
    assert read == described
