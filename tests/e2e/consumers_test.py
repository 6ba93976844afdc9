"""Every format that a program reads is given to a reader of its kind: schemas, parsers, and what consumers demand beyond them; for no result, one
of each status, ten thousand, and names made to break what they stand in."""

import collections
import functools
import json
import os
import pathlib
import re
import subprocess

import pytest

tree = pytest.importorskip("lxml.etree", reason="SKIPPED: python3-lxml is not there to read JUnit")
jsonschema_rs = pytest.importorskip("jsonschema_rs", reason="SKIPPED: jsonschema-rs is not there to validate")
prometheus = pytest.importorskip("prometheus_client.openmetrics.parser", reason="SKIPPED: prometheus-client is not there")

PROGRAM = os.path.abspath(os.environ.get("EXPORTCHECK", "build/dev/exportcheck"))
ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "reports"
SHARED = ROOT.parent / "shared" / "data"
STATUSES = ["pass", "fail", "unknown", "pending", "skip", "waived"]
HOSTILE = ["::error file=x::y", "\n::error::at a line's start", "\r::warning::z", "\u202egnp.exe\u2066\u200f", "]]>", "<![CDATA[", "a\x00b".replace("\x00", "\x01"),
           "\x1b[2J\x07\x08\x9b31m", "\ufffe\uffff", "%0A%0D,:", '"\\\'', "</script><script>alert(1)</script>", "-->", "{{x}}${y}`z`", "=1+1", "\u2028\u2029",
           "##[error]x", "x" * 3000, "", " "]
GOLDEN_CASES = ["faulty", "healthy", "choose", "hostile", "empty"]
CASES = [*GOLDEN_CASES, "each", "many", "names"]


def one(number, status, text=lambda name: name):
    """A result of that status, each text of it through `text`; there are a hundred rules."""
    rule = number % 100
    return {"id": f"{number:016x}", "rule": f"rule-{rule}", "title": text(f"Rule {rule} holds"), "severity": ("low", "medium", "high", "critical")[rule % 4],
            "section": text("Root account"), "place": ("account", "user", "bucket", "export", "delivery", "optscale")[rule % 6], "status": status,
            "account": "123456789012", "subject": text(f"subject {number}"), "message": text(f"message {number}"), "expected": text("a"), "actual": text("b"),
            "evidence": [{"fact": "bucket.policy", "call": "s3:GetBucketPolicy", "state": "present"}], "root_cause": None,
            "until": "2026-11-23T10:00:00Z" if status == "pending" else None, "waiver": {"reason": text("accepted")} if status == "waived" else None,
            "do": text("Mend it"), "why": text("It breaks"), "fix": {"console": [text("A")], "cli": text("aws s3 ls"), "note": text("n")},
            "reference": "https://docs.aws.amazon.com/", "source": {"file": "rules/bucket.json", "line": 3}}


def document(results):
    head = json.loads((GOLDEN / "faulty.json").read_text(encoding="utf-8"))
    counts = collections.Counter(result["rule"] for result in results)
    results = [{**result, **({"many": True} if counts[result["rule"]] > 1 else {})} for result in results]
    results.sort(key=lambda result: int(result["rule"].partition("-")[2]))  # a rule's results stand together, as in every file of ours
    return {**head, "exports": [], "root_causes": [], "results": results,
            "summary": {status: sum(result["status"] == status for result in results) for status in STATUSES}}


MADE = {
    "each": lambda: document([*[one(i, status) for i, status in enumerate(STATUSES)], {**one(9, "fail"), "severity": "low", "advice": True}]),
    "many": lambda: document([one(i, STATUSES[i % 6]) for i in range(10000)]),
    "names": lambda: document([one(i, STATUSES[i % 6], lambda name, evil=evil: evil + name + evil)
                               for i, evil in enumerate(evil for evil in HOSTILE for _ in STATUSES)]),
}


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """The results file of a case, and each of its reports, rendered once."""
    folder = tmp_path_factory.mktemp("results")
    paths = {name: GOLDEN / f"{name}.json" for name in GOLDEN_CASES}
    for name, make in MADE.items():
        paths[name] = folder / f"{name}.json"
        paths[name].write_text(json.dumps(make()), encoding="utf-8")

    @functools.cache
    def rendered(case, output_format):
        done = subprocess.run([PROGRAM, "report", "render", paths[case], "-o", output_format], capture_output=True, check=False, timeout=60,
                              env={name: value for name, value in os.environ.items() if name != "GITHUB_STEP_SUMMARY"})
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout

    @functools.cache
    def results(case):
        return json.loads(paths[case].read_text(encoding="utf-8"))["results"]
    rendered.results = results
    return rendered


@functools.cache
def validator(path):
    if not path.exists():
        pytest.skip(f"SKIPPED: {path} is not there")
    return jsonschema_rs.validator_for(json.loads(path.read_text(encoding="utf-8")))


def assert_valid(schema, instance):
    errors = [f"{'/'.join(map(str, error.instance_path))}: {error.message[:200]}" for error in validator(schema).iter_errors(instance)]
    assert not errors, "\n".join(errors[:10])


def is_advice(result):
    return result["status"] == "fail" and "advice" in result


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", ["JUnit.xsd", "junit-10.xsd"])
def test_junit_is_valid_by_both_schemas(given, case, name):
    path = SHARED / "junit" / name
    if not path.exists():
        pytest.skip(f"SKIPPED: {path} is not there")
    schema = tree.XMLSchema(tree.parse(path))
    report = tree.fromstring(given(case, "junit"))
    assert schema.validate(report), schema.error_log
    suites = report.findall("testsuite")
    assert sum(int(suite.get("tests")) for suite in suites) == sum(1 for _ in report.iter("testcase"))
    for kind in ("failures", "errors", "skipped"):
        tag = {"failures": "failure", "errors": "error", "skipped": "skipped"}[kind]
        assert sum(int(suite.get(kind)) for suite in suites) == sum(1 for _ in report.iter(tag))
    assert sum(1 for _ in report.iter("failure")) == sum(result["status"] == "fail" and not is_advice(result) for result in given.results(case))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("output_format", ["junit", "junit:file"])
def test_junit_names_are_told_apart_and_lines_are_short(given, case, output_format):
    report = tree.fromstring(given(case, output_format))
    names = [(found.get("classname"), found.get("name")) for found in report.iter("testcase")]
    assert len(set(names)) == len(names)  # GitLab drops what has the same name
    lines = [line for kind in ("failure", "error", "skipped") for found in report.iter(kind)
             for line in [found.get("message"), *(found.text or "").splitlines()]]
    assert max((len(line.encode()) for line in lines), default=0) <= 200


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("schema", ["sarif-schema-2.1.0.json", "sarif-2.1.0.schemastore.json"])
def test_sarif_is_valid(given, case, schema):
    assert_valid(SHARED / "schemas" / schema, json.loads(given(case, "sarif")))


@pytest.mark.parametrize("case", CASES)
def test_sarif_has_what_github_demands(given, case):
    text = given(case, "sarif")
    run, = json.loads(text)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules) and len(run["results"]) <= 25000
    assert run["automationDetails"]["id"].endswith("/")
    alerts = [result for result in given.results(case) if result["status"] not in ("pass", "skip") and not is_advice(result)]
    assert [result["partialFingerprints"]["exportcheckResult/v1"] for result in run["results"]] == [alert["id"] for alert in alerts]
    target_was_a_file = case in ("faulty", *MADE)
    for result, alert in zip(run["results"], alerts):
        place = result["locations"][0].get("physicalLocation")
        assert bool(place) == target_was_a_file
        if place:
            assert place["region"]["startLine"] >= 1
            assert place["artifactLocation"]["uri"] == "billing/optscale-target.json"
        assert result["message"]["text"].strip()
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == alert["rule"]
        assert (result["kind"] == "fail") == (alert["status"] in ("fail", "waived"))
        assert (result["level"] == "none") == (result["kind"] != "fail")
        assert ("suppressions" in result) == (alert["status"] == "waived")
    for rule in rules:
        assert rule["name"] != rule["id"] and len(rule["properties"].get("tags", [])) <= 20
        assert 0 <= float(rule["properties"]["security-severity"]) <= 10


@pytest.mark.parametrize("case", CASES)
def test_ocsf_is_valid_and_in_milliseconds(given, case):
    events = json.loads(given(case, "ocsf"))
    assert [event["finding_info"]["uid"] for event in events] == [result["id"] for result in given.results(case)]
    for event in events:
        assert event["time"] == 1795341603000
        assert_valid(SHARED / "schemas" / "ocsf-1.8.0-compliance_finding.schema.json", event)


@pytest.mark.parametrize("case", CASES)
def test_openmetrics_is_read_by_prometheus_own_parser(given, case):
    families = {family.name: family for family in prometheus.text_string_to_metric_families(given(case, "openmetrics").decode())}
    samples = families["exportcheck_results"].samples
    assert sum(sample.value for sample in samples if sample.labels["state"] == "fail") == \
        sum(result["status"] == "fail" and not is_advice(result) for result in given.results(case))
    assert sum(sample.value for sample in samples) == len(given.results(case))
    ready, = families["exportcheck_ready"].samples
    assert ready.value == (case == "healthy")


@pytest.mark.parametrize("case", CASES)
def test_gitlab_gets_what_it_demands(given, case):
    issues = json.loads(given(case, "gitlab"))
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    for issue in issues:
        assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert issue["check_name"] and issue["description"].strip() and issue["location"]["lines"]["begin"] == 1
        assert issue["location"]["path"] and not issue["location"]["path"].startswith(("/", "./"))
    assert (case == "healthy") <= (issues == [])


@pytest.mark.parametrize("case", CASES)
def test_github_annotations_are_commands_of_ours_alone(given, case):
    text = given(case, "github").decode()
    commands = [line for line in re.split(r"[\r\n]", text) if line.lstrip().startswith("::") or "##[" in line]
    assert all(re.fullmatch(r"::(error|warning|notice) (file=[^:,]*,line=1,)?title=[^:,]*::.*", line) for line in commands)
    assert all(sum(line.startswith(f"::{level}") for line in commands) <= 10 for level in ("error", "warning", "notice"))


@pytest.mark.parametrize("case", CASES)
def test_the_step_summary_is_taken_by_github(given, case, tmp_path):
    path = tmp_path / "results.json"
    path.write_bytes(given(case, "json"))
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    subprocess.run([PROGRAM, "report", "render", path, "-o", "github"], check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "GITHUB_STEP_SUMMARY": str(summary)})
    assert summary.read_bytes() == b"before\n" + given(case, "markdown")
    assert summary.stat().st_size < 1024 * 1024


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("output_format", ["text", "markdown", "csv", "openmetrics", "github"])
def test_no_control_byte_and_no_change_of_direction_is_passed_on(given, case, output_format):
    text = given(case, output_format).decode()
    assert re.findall(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text) == []
