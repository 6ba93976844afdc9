"""`exportcheck report`: every format from the same results file, each read by a reader of its own kind."""
import csv
import io
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

PROGRAM = os.path.abspath(os.environ.get("EXPORTCHECK", "build/dev/exportcheck"))
ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "reports"
CASES = ["faulty", "healthy", "choose", "hostile", "empty"]


def report(*arguments, stdin=None, environment=None):
    done = subprocess.run([PROGRAM, "report", *map(str, arguments)], input=stdin, capture_output=True,
                          env={**os.environ, **(environment or {})}, check=False, timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def render(case, output_format):
    status, out, err = report("render", GOLDEN / f"{case}.json", "--output", output_format)
    assert (status, err) == (0, "")
    return out


def results(case):
    return json.loads((GOLDEN / f"{case}.json").read_text(encoding="utf-8"))["results"]


def test_junit_names_stay_and_what_waits_is_skipped():
    tree = pytest.importorskip("lxml.etree", reason="SKIPPED: python3-lxml is not there to read JUnit")
    suite = tree.fromstring(render("faulty", "junit").encode())[0]
    names = [case.get("name") for case in suite.iter("testcase")]
    assert len(set(names)) == len(names)
    assert [name for name in names if ": " in name] == [f"Every account of the organization is connected: {200000000000 + i}"
                                                        for i in range(1, 6)]
    lines = [line for kind in ("failure", "error") for found in suite.iter(kind)
             for line in [found.get("message"), *(found.text or "").splitlines()]]
    assert lines and max(len(line.encode()) for line in lines) <= 200
    skipped = [found.get("message") for found in suite.iter("skipped")]
    assert len(skipped) == int(suite.get("skipped")) and len(list(suite.iter("failure"))) == int(suite.get("failures"))


@pytest.mark.parametrize("case", CASES)
def test_csv_has_a_row_for_each_result_and_no_formula(case):
    text = render(case, "csv")
    assert text.endswith("\r\n")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["id"] for row in rows] == [result["id"] for result in results(case)]
    for row, result in zip(rows, results(case)):
        assert row["status"] == result["status"]
        for value in row.values():
            assert not value.lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("case", CASES)
def test_json_lines_are_the_json_report(case):
    lines = [json.loads(line) for line in render(case, "jsonl").split("\n") if line]
    whole = json.loads(render(case, "json"))
    assert lines[-1] == {"summary": whole["summary"]}
    assert {**lines[0], "results": lines[1:-1]} == whole


@pytest.mark.parametrize("case", CASES)
def test_results_have_the_keys_of_the_contract(case):
    document = json.loads(render(case, "json"))
    assert {"format", "tool", "target", "account", "started", "finished", "summary", "results"} <= set(document)
    assert list(document["summary"]) == ["pass", "fail", "unknown", "pending", "skip", "waived"]
    for result in document["results"]:
        assert {"id", "rule", "title", "severity", "section", "place", "status", "account", "subject", "message",
                "expected", "actual", "evidence", "root_cause", "until", "waiver", "why", "fix",
                "reference"} <= set(result)
        assert result["root_cause"] != "" and result["until"] != ""
        for evidence in result["evidence"]:
            assert {"fact", "call", "state"} <= set(evidence)


@pytest.mark.parametrize("case", CASES)
def test_html_is_well_formed_and_closed(case):
    html = pytest.importorskip("lxml.html", reason="SKIPPED: python3-lxml is not there to read HTML")
    text = render(case, "html")
    page = html.document_fromstring(text.encode())
    found = [node.get("id")[2:] for node in page.xpath("//*[starts-with(@id, 'r-')]")]
    assert sorted(found) == sorted(result["id"] for result in results(case))
    assert len(page.xpath("//script")) == 1 and not page.xpath("//script/@src | //img | //link | //iframe | //@onclick")
    for href in page.xpath("//@href"):
        assert href.startswith(("#", "https://", "http://"))
    sections = page.xpath("//main/section/@id")
    assert not sections or sections[-1] in ("enter", "about")


@pytest.mark.parametrize("output_format,limit", [("markdown", 1024 * 1024), ("markdown:comment", 65536)])
def test_markdown_stays_below_what_github_takes(tmp_path, output_format, limit):
    document = json.loads((GOLDEN / "faulty.json").read_text(encoding="utf-8"))
    first = document["results"][4]
    document["results"] = [{**first, "rule": f"rule-{i}", "id": f"{i:016x}", "why": "because " * 200}
                           for i in range(2000)]
    path = tmp_path / "large.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    status, out, _ = report("render", path, "-o", output_format)
    assert status == 0
    assert limit / 2 < len(out.encode()) < limit
    assert re.search(r"\*\*And \d+ more rules, see the JSON or HTML report\.\*\*", out)
    assert "### Enter in OptScale" in out


def test_several_reports_at_once(tmp_path):
    status, out, err = report("render", GOLDEN / "faulty.json", "-o", "json", "-o", f"junit={tmp_path}/j.xml",
                              "--output", f"html={tmp_path}/r.html")
    assert (status, err) == (0, "")
    assert out == (GOLDEN / "faulty.json").read_text(encoding="utf-8")
    assert (tmp_path / "j.xml").read_text(encoding="utf-8") == (GOLDEN / "faulty.junit.xml").read_text(encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["j.xml", "r.html"]


@pytest.mark.parametrize("action", ["render", "merge"])
def test_where_all_goes_to_files_one_line_says_what_and_where(tmp_path, action):
    path = tmp_path / "r.html"
    status, out, err = report(action, GOLDEN / "healthy.json", "-o", f"html={path}")
    assert (status, out, err) == (0, "", f"Ready: OptScale will connect and import 2 months. → {path}\n")
    assert report(action, GOLDEN / "healthy.json", "-o", f"html={path}", "--quiet") == (0, "", "")


def test_results_come_from_standard_input():
    lines = (GOLDEN / "faulty.jsonl").read_bytes()
    status, out, _ = report("render", "-", "-o", "json", stdin=lines)
    assert (status, out) == (0, (GOLDEN / "faulty.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("arguments,message", [
    (["render", "nowhere.json"], "nowhere.json"),
    (["render"], "render takes one results file"),
    (["rendr", "x"], "did you mean 'render'"),
    (["render", GOLDEN / "faulty.json", "-o", "jsno"], "did you mean 'json'"),
    (["render", GOLDEN / "faulty.json", "-o", "html="], "the file's name is missing"),
    (["render", GOLDEN / "faulty.json", "-o", "json", "-o", "text"], "only one report can go to standard output"),
    (["render", GOLDEN / "faulty.json", "-o", "json=a", "-o", "text=a"], "same file"),
    (["render", GOLDEN / "faulty.txt"], "faulty.txt:1:1"),
    (["compare", GOLDEN / "faulty.json"], "two results files"),
    (["compare", GOLDEN / "faulty.json", GOLDEN / "faulty.json", "-o", "csv"], "--output text, json, markdown or html"),
    (["merge"], "at least one"),
])
def test_mistakes_are_named_and_end_with_2(arguments, message):
    status, out, err = report(*arguments)
    assert (status, out) == (2, "")
    assert message in err


def test_a_report_that_cannot_be_written_ends_with_4(tmp_path):
    status, _, err = report("render", GOLDEN / "faulty.json", "-o", f"json={tmp_path}/no/such/folder.json")
    assert status == 4 and "folder.json" in err
    if os.path.exists("/dev/full"):
        status, _, err = report("render", GOLDEN / "faulty.json", "-o", "json=/dev/full")
        assert status == 4 and "/dev/full" in err


def test_devices_are_written_and_not_replaced(tmp_path):
    fifo = tmp_path / "pipe"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    status, _, _ = report("render", GOLDEN / "healthy.json", "-o", f"csv={fifo}")
    out = os.read(reader, 1 << 16)
    os.close(reader)
    assert status == 0 and out == (GOLDEN / "healthy.csv").read_bytes()
    assert fifo.is_fifo()


def test_compare_is_a_page_and_markdown_too(tmp_path):
    page = tmp_path / "changes.html"
    status, out, err = report("compare", GOLDEN / "healthy.json", GOLDEN / "hostile.json", "-o", f"html={page}")
    assert (status, out, err) == (1, "", f"Worse: 2 new. → {page}\n")
    assert report("compare", GOLDEN / "healthy.json", GOLDEN / "hostile.json", "-q", "-o", f"html={page}") == (1, "", "")
    text = page.read_text(encoding="utf-8")
    assert "<h1>Worse: 2 new" in text and "<img" not in text and text.count("<script") == 0
    status, out, _ = report("compare", GOLDEN / "faulty.json", GOLDEN / "healthy.json", "-o", "markdown")
    assert status == 0 and out.startswith("## Better: ")


def test_compare_says_what_is_new_and_what_is_fixed(tmp_path):
    before = json.loads((GOLDEN / "faulty.json").read_text(encoding="utf-8"))
    after = json.loads(json.dumps(before))
    after["results"][4]["status"] = "pass"
    after["results"][0]["status"] = "fail"
    path = tmp_path / "after.json"
    path.write_text(json.dumps(after), encoding="utf-8")
    status, out, _ = report("compare", GOLDEN / "faulty.json", path, "-o", "json")
    document = json.loads(out)
    assert status == 1
    assert document["summary"] == {"new": 1, "undecided": 0, "advice": 0, "unchanged": 7, "fixed": 1, "gone": 0}
    changes = {change["change"]: change for change in document["changes"]}
    assert changes["new"]["id"] == after["results"][0]["id"]
    assert (changes["fixed"]["before"], changes["fixed"]["after"]) == ("fail", "pass")
    status, out, _ = report("compare", path, path)
    assert status == 0 and out.splitlines()[-1] == "0 new, 0 undecided, 0 advice, 8 unchanged, 0 fixed, 0 gone"


def test_merge_joins_accounts(tmp_path):
    other = json.loads((GOLDEN / "healthy.json").read_text(encoding="utf-8"))
    other["account"] = "999999999999"
    for i, result in enumerate(other["results"]):
        result.update(account="999999999999", id=f"{i:016x}")
    path = tmp_path / "other.json"
    path.write_text(json.dumps(other), encoding="utf-8")
    status, out, _ = report("merge", GOLDEN / "faulty.json", path)
    document = json.loads(out)
    assert status == 0
    assert document["account"] is None and document["exit_status"] == 1
    assert len(document["results"]) == 22 and document["summary"]["pass"] == 8


@pytest.mark.parametrize("arguments,environment,colored", [
    ([], {}, False),
    (["--color", "always"], {}, True),
    (["--color", "always"], {"NO_COLOR": "1"}, True),
    (["--color", "never"], {}, False),
])
def test_colour_away_from_a_terminal(arguments, environment, colored):
    _, out, _ = report("render", GOLDEN / "faulty.json", *arguments, environment=environment)
    assert ("\x1b[" in out) == colored


@pytest.mark.parametrize("environment,arguments,colored", [
    ({"TERM": "xterm"}, [], True),
    ({"TERM": "dumb"}, [], False),
    ({"TERM": "xterm", "NO_COLOR": "1"}, [], False),
    ({"TERM": "xterm", "NO_COLOR": ""}, [], True),
    ({"TERM": "xterm", "NO_COLOR": "1"}, ["--color", "always"], True),
    ({"TERM": "xterm"}, ["--color", "never"], False),
])
def test_colour_and_width_on_a_terminal(environment, arguments, colored):
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    with subprocess.Popen([PROGRAM, "report", "render", str(GOLDEN / "healthy.json"), *arguments], stdout=follower,
                          env={**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, "COLUMNS": "50",
                               **environment}) as process:
        process.wait(timeout=60)
    os.close(follower)
    out = ""
    try:
        while part := os.read(leader, 1 << 16):
            out += part.decode()
    except OSError:  # so ends a terminal that nobody writes to any more
        pass
    os.close(leader)
    assert ("\x1b[" in out) == colored
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out).replace("\r", "")
    folded = plain[:plain.index("Enter in OptScale")]  # values are copied: they stay on one line
    assert all(len(line) <= 50 or " " not in line.strip() for line in folded.split("\n")), folded


@pytest.mark.skipif("asan" in PROGRAM, reason="a sanitizer keeps memory of its own")
@pytest.mark.parametrize("name", ["jsonl", "csv", "junit", "markdown", "text"])
def test_a_results_file_of_any_size_is_rendered_in_little_memory(name, tmp_path):
    golden = json.loads((ROOT / "tests/golden/reports/faulty.json").read_text(encoding="utf-8"))
    results, count = golden.pop("results"), 12000
    golden["summary"] = {status: sum(results[i % len(results)]["status"] == status for i in range(count))
                         for status in golden["summary"]}
    path = tmp_path / "results.jsonl"
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(golden) + "\n")
        for i in range(count):
            file.write(json.dumps({**results[i % len(results)], "id": f"{i:016x}"}) + "\n")
        file.write(json.dumps({"summary": golden["summary"]}) + "\n")
    assert path.stat().st_size > 8 << 20
    script = ("import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]); "
              "print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    done = subprocess.run([sys.executable, "-c", script, PROGRAM, "report", "render", str(path), "-o",
                           f"{name}={tmp_path / 'out'}"], capture_output=True, text=True, check=True)
    code, kibibytes = map(int, done.stdout.split())
    assert code == 0 and kibibytes < 20 << 10, done.stdout


@pytest.fixture(scope="module", name="many")
def make_many(tmp_path_factory):
    """12,000 results of 60 targets: the important ones stand last, each with a policy of its own to paste."""
    path = tmp_path_factory.mktemp("many") / "many.jsonl"
    summary = {"pass": 11500, "fail": 500}
    with open(path, "w", encoding="utf-8") as file:
        file.write(json.dumps({"format": "exportcheck-results/1", "tool": "t", "target": {}, "fail_on": "medium"}) + "\n")
        for number in range(12000):
            failed = number >= 11500
            file.write(json.dumps({
                "id": f"{number:016x}", "rule": f"rule-{number // 60 % 90}", "title": "T", "severity": "high", "place": "user",
                "status": "fail" if failed else "pass", "account": "1", "target": f"target {number % 60}", "subject": f"s{number}",
                "message": f"message {number}", "evidence": [], "why": "why " * 20,
                "fix": {"policy": {"Statement": [{"Sid": f"S{number}", "Resource": "x" * 200}]}} if failed else {}}) + "\n")
        file.write(json.dumps({"summary": summary}) + "\n")
    return path


def test_a_page_of_very_many_results_shows_the_most_important_and_links_all(many, tmp_path):
    status, out, err = report("render", many, "-o", f"html={tmp_path / 'report.html'}", "-o", f"jsonl={tmp_path / 'all.jsonl'}")
    assert (status, out) == (0, "") and "report.results.csv" in err and re.match(r"Not ready: \d+ rules? failed", err)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all.jsonl", "report.html", "report.results.csv"]
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert len(page) < 8e6
    assert ('This page shows the 10,000 most important of 12,000 results. All of them are beside it, in '
            '<a href="report.results.csv">report.results.csv</a>.') in page
    shown = {int(number) for number in re.findall(r"message (\d+)", page)}
    assert shown == set(range(9500)) | set(range(11500, 12000))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "report.results.csv").read_text(encoding="utf-8"), newline="")))
    assert [row["message"] for row in rows] == [f"message {number}" for number in range(12000)]


def test_a_page_that_has_no_place_says_how_to_have_all_results(many):
    status, out, _ = report("render", many, "-o", "html")
    assert status == 0 and "10,000 most important of 12,000 results. Write it to a file (-o html=FILE)" in out


def test_a_page_of_all_results_has_no_file_beside_it(tmp_path):
    assert report("render", GOLDEN / "faulty.json", "-o", f"html={tmp_path / 'report.html'}")[0] == 0
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_file_beside_a_page_that_cannot_be_written_is_told(many, tmp_path):
    (tmp_path / "report.results.csv").mkdir()
    status, _, err = report("render", many, "-o", f"html={tmp_path / 'report.html'}")
    assert status == 4 and "report.results.csv" in err
