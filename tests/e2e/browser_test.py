"""The HTML report in headless Chromium: nothing is loaded or sent, filters, search and copying work, axe finds nothing."""
import copy
import json
import os
import pathlib
import shutil
import subprocess

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="SKIPPED: Playwright is not there to drive a browser")
axe_core = pytest.importorskip("axe_core_python.sync_playwright", reason="SKIPPED: axe-core is not there")

PROGRAM = os.path.abspath(os.environ.get("EXPORTCHECK", "build/dev/exportcheck"))
GOLDEN = pathlib.Path(__file__).resolve().parents[1] / "golden" / "reports"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MANY = 10000
FAR = f"{MANY - 1:016x}"  # the id of the last of many results


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM:
        pytest.skip("SKIPPED: Chromium is not there to open reports")
    with playwright.sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=CHROMIUM, args=[
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """The addresses of reports: of many faults, of hostile names, of 10,000 results; of a comparison, of two targets."""
    folder = tmp_path_factory.mktemp("reports")
    faulty = json.loads((GOLDEN / "faulty.json").read_text(encoding="utf-8"))
    account = next(r for r in faulty["results"] if r["rule"] == "organization-accounts-connected")
    many = copy.deepcopy(faulty)
    for i in range(len(many["results"]), MANY):
        subject = f"{300000000000 + i}"
        many["results"].append({**account, "id": f"{i:016x}", "subject": subject, "message": f"team-{i} is not connected"})
    (folder / "many.json").write_text(json.dumps(many), encoding="utf-8")
    sources = {"faulty": GOLDEN / "faulty.json", "hostile": GOLDEN / "hostile.json", "many": folder / "many.json"}
    for name, source in sources.items():
        subprocess.run([PROGRAM, "report", "render", source, "-o", f"html={folder}/{name}.html"], check=True, timeout=60)
    subprocess.run([PROGRAM, "report", "compare", GOLDEN / "hostile.json", GOLDEN / "faulty.json", "-o", f"html={folder}/changes.html"],
                   check=False, timeout=60)
    accounts = GOLDEN.parents[1] / "accounts"
    targets = [{"name": name, "snapshot": str(accounts / f"{name}.json")} for name in ("demo-root-existing", "linked")]
    (folder / "targets.jsonl").write_text("".join(json.dumps(target) + "\n" for target in targets), encoding="utf-8")
    subprocess.run([PROGRAM, "check", "--targets", folder / "targets.jsonl", "-q", "--rule", "export-includes-*", "--rule", "account-*",
                    "-o", f"html={folder}/targets.html"], check=False, timeout=60)
    return {name: f"file://{folder}/{name}.html" for name in [*sources, "changes", "targets"]}


@pytest.fixture
def opened(browser, reports):
    """Opens a report, and holds afterwards that nothing was asked of the network and nothing complained."""
    contexts, complaints, requests = [], [], []

    def open_report(name, fragment="", width=1400, scheme="light", **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(reports[name] + fragment)
        return page
    yield open_report
    for context in contexts:
        context.close()
    assert complaints == []
    assert {url.split("#")[0] for url in requests} <= set(reports.values())


def wait_for(page, expression):
    """Playwright's own wait_for_function() evaluates a string in the page, which the page's policy refuses."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(30)
    raise AssertionError(f"never came true: {expression}")


def shown(page):
    return page.inner_text("#shown")


def test_hostile_names_run_nothing(opened):
    page = opened("hostile")
    assert page.evaluate("document.scripts.length") >= 1 and page.locator("img").count() == 0
    assert page.locator("b", has_text="write").count() == 0


def test_filters_and_search_are_kept_in_the_address(opened):
    page = opened("faulty", "#status=unknown")
    assert page.locator("[data-status]:visible").evaluate_all("all => all.map(e => e.dataset.status)") == ["unknown"] * 3
    page.select_option("select[name=status]", "")
    page.fill("input[name=text]", "DescribeKey")
    wait_for(page, "location.hash === '#text=DescribeKey'")
    assert shown(page).startswith("2 of ")
    page.goto(page.url.split("#")[0] + "#place=bucket&severity=critical")
    assert shown(page).startswith("2 of 18") and page.input_value("input[name=text]") == ""


def test_a_step_leads_to_its_finding_below_the_bar(opened):
    page = opened("many")
    page.click("#first a >> nth=1")
    place = page.evaluate("""() => {
        const card = document.querySelector(location.hash).getBoundingClientRect();
        return [card.top, document.getElementById('filter').getBoundingClientRect().bottom];
    }""")
    assert place[1] <= place[0] < place[1] + 60


def test_commands_policies_and_entries_are_copied(opened):
    page = opened("faulty", permissions=["clipboard-read", "clipboard-write"])
    for source in ("#rule-bucket-policy-delivers-cur2 pre >> nth=1", "#enter code >> nth=0"):
        text = page.locator(source).text_content()
        page.locator(source).locator("xpath=following-sibling::button").click()
        wait_for(page, "document.getElementById('said').textContent.startsWith('Copied')")
        assert page.evaluate("navigator.clipboard.readText()") == text
        page.evaluate("document.getElementById('said').textContent = ''")


def test_ten_thousand_results_open_at_once_and_are_found(opened, reports):
    assert os.path.getsize(reports["many"].removeprefix("file://")) < 8e6
    page = opened("many")
    painted = page.evaluate("performance.getEntriesByType('paint').map(entry => entry.startTime)")
    assert all(time < 1000 for time in painted)
    assert page.evaluate("document.querySelectorAll('*').length") < 10000
    milliseconds = page.evaluate("""() => {
        const search = document.querySelector('input[name=text]'), start = performance.now();
        search.value = 'team-99';
        dispatchEvent(new HashChangeEvent('hashchange'));
        location.hash = '#text=team-99';
        return performance.now() - start;
    }""")
    assert milliseconds < 500
    wait_for(page, "document.getElementById('shown').textContent.startsWith('111 of 10,000')")
    page.goto(page.url.split("#")[0] + f"#r-{FAR}")
    page.locator(f"#r-{FAR}").wait_for()
    assert page.locator(f"#r-{FAR}").inner_text().startswith(f"{300000000000 + MANY - 1}")


def test_the_keyboard_reaches_what_the_mouse_does(opened):
    page = opened("faulty")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the results"
    page.locator("details.fold > summary").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.fold").first.get_attribute("open") is not None


def test_without_a_script_the_results_are_there(opened):
    page = opened("many", java_script_enabled=False)
    text = page.content()
    assert "<h1>Not ready: " in text and page.locator("article").count() > 3
    assert page.locator("#rule-organization-accounts-connected .findings").first.text_content().count("is not connected") == 12


def test_on_paper_everything_is_dark_on_white_and_without_controls(opened):
    page = opened("faulty", scheme="dark")
    page.emulate_media(media="print")
    assert page.locator("button:visible").count() == 0 and not page.locator("#filter").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('article')).breakInside") == "auto"


@pytest.mark.parametrize("name", ["faulty", "changes", "targets"])
def test_axe_finds_nothing(browser, reports, name):
    page = browser.new_context(bypass_csp=True).new_page()  # axe is a script of its own
    page.goto(reports[name])
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true; })")
    for width in (400, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme, rules in (("light", RULES), ("dark", ["color-contrast"])):  # the rest is the same in the dark
            page.emulate_media(color_scheme=scheme)
            found = axe_core.Axe().run(page, options={"runOnly": rules})
            assert [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()
