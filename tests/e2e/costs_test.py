"""`costs`: what AWS billed and what of it OptScale will show, against Python's decimals and DuckDB's, to the last digit."""

import collections
import csv
import decimal
import gzip
import html
import io
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import zipfile

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
PROGRAMS = pathlib.Path(sys.executable).parent
ROOT = pathlib.Path(__file__).resolve().parents[2]
PATH = f"{PROGRAMS}:{os.environ['PATH']}"
MONTHS = ("2026-08", "2026-09", "2026-10")
ACCOUNTS = [f"{n:012}" for n in range(100000000001, 100000000013)]
CONNECTED = ACCOUNTS[:8]
HEADER = ["bill/BillingPeriodStartDate", "lineItem/UsageAccountId", "lineItem/LineItemType", "lineItem/UsageStartDate",
          "lineItem/UsageEndDate", "lineItem/ProductCode", "lineItem/UsageType", "lineItem/Operation", "lineItem/ResourceId",
          "lineItem/LineItemDescription", "lineItem/CurrencyCode", "lineItem/BlendedCost", "lineItem/UnblendedCost",
          "savingsPlan/SavingsPlanARN", "resourceTags/user:name"]
ZERO = decimal.Decimal(0)


def duckdb_is_there():
    return shutil.which("duckdb", path=PATH) is not None


needs_duckdb = pytest.mark.skipif(not duckdb_is_there(), reason="the program duckdb is not there (pip install duckdb-cli)")


def run(*arguments, **options):
    return subprocess.run([EXPORTCHECK, "costs", *map(str, arguments)], capture_output=True, text=True, check=False,
                          env={"PATH": PATH, "HOME": "/nonexistent", "TZ": "UTC"}, timeout=120, **options)


def costs(folder, *arguments, status=0):
    done = run("--files", folder, "--json", "--as-of", "2026-11-20T00:00:00Z", *arguments)
    assert (done.returncode, done.stderr) == (status, ""), done.stderr
    return json.loads(done.stdout)


def amount(text):
    return decimal.Decimal(text)


def table(period):
    """(account, reason) → (rows, blended, unblended), and the sum of all of it is the total."""
    found = {(row["account"], row["reason"]): (row["rows"], amount(row["blended"]), amount(row["unblended"]))
             for row in period["dropped"]}
    rows = period["imported"]["rows"] + sum(row[0] for row in found.values())
    blended = amount(period["imported"]["blended"]) + sum((row[1] for row in found.values()), ZERO)
    assert (rows, blended) == (period["rows"], amount(period["blended"]))
    return found


def key(month, number, legacy, ending):
    if legacy:
        year, number_of = map(int, month.split("-"))
        end = f"{year + number_of // 12}{number_of % 12 + 1:02}01"
        return f"cur/exp/{month.replace('-', '')}01-{end}/exp-{number:05}{ending}"
    return f"cur/exp/data/BILLING_PERIOD={month}/exp-{number:05}{ending}"


def snake(name):
    """As CUR 2.0 calls a column; what it keeps in a map has no column."""
    words = {"lineItem": "line_item", "savingsPlan": "savings_plan"}
    head, _, tail = name.partition("/")
    spelled = "".join(f"_{c.lower()}" if c.isupper() else c for c in tail)
    return f"{words.get(head, head)}{spelled if spelled.startswith('_') else '_' + spelled}"


def text_of(header, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def put(folder, name, data):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name.endswith(".gz"):
        data = gzip.compress(data, 1, mtime=0)
    elif name.endswith(".zip"):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("report.csv", data)
        data = packed.getvalue()
    path.write_bytes(data)
    return path


def row(**changes):
    """A row that is imported, and with what is changed."""
    values = dict(zip(HEADER, ["2026-10-01T00:00:00Z", CONNECTED[0], "Usage", "2026-10-20T00:00:00Z", "2026-10-20T01:00:00Z",
                               "AmazonEC2", "BoxUsage", "RunInstances", "i-SECRET-1", "a description", "USD", "1.25", "1.5",
                               "", "SECRET-tag"]))
    names = {name.partition("/")[2]: name for name in HEADER}
    return list({**values, **{names[name]: value for name, value in changes.items()}}.values())


@pytest.fixture(scope="module", name="connected")
def connected_accounts(tmp_path_factory):
    path = tmp_path_factory.mktemp("accounts") / "accounts.csv"
    path.write_text("account_id,name\n" + "".join(f"{account},name of {account}\n" for account in CONNECTED))
    return path


# --- koku-nise ---

GENERATORS = """\
  - EC2Generator:
      start_date: {month}-0{n}
      end_date: {month}-0{next}
      resource_id: {n}
      amount: 1
      rate: 0.0416{n}
      processor_arch: 64-bit
      tags:
        resourceTags/user:name: web, "front"
  - EBSGenerator:
      start_date: {month}-0{n}
      end_date: {month}-0{next}
      resource_id: 7{n}
      amount: 0.0077
      rate: 0.1
"""


@pytest.fixture(scope="module", name="reports")
def nise_reports(tmp_path_factory):
    """Reports of koku-nise, by month; 12 accounts, and dates as AWS writes them."""
    pytest.importorskip("nise", reason="koku-nise is not there (pip install koku-nise)")
    folder = tmp_path_factory.mktemp("nise")
    generators = "".join(GENERATORS.format(month=month, n=n, next=n + 1) for month in MONTHS for n in range(3, 6))
    (folder / "static.yml").write_text(f"generators:\n{generators}accounts:\n  payer: '999999999999'\n  user: "
                                       "['111111111111']\n  currency_code: USD\n")
    subprocess.run([PROGRAMS / "nise", "report", "aws", "-s", "2026-08-01", "-e", "2026-10-31", "-w",
                    "--static-report-file", "static.yml"], cwd=folder, check=True, capture_output=True, timeout=120)
    reports = {}
    for path in folder.glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for number, line in enumerate(rows):
            line["lineItem/UsageAccountId"] = ACCOUNTS[number * 7 % len(ACCOUNTS)]
            line["lineItem/LineItemType"] = "Credit" if number % 11 == 3 else line["lineItem/LineItemType"]
            line["lineItem/ResourceId"] = "" if number % 22 == 3 else line["lineItem/ResourceId"]
            for name in ("lineItem/UsageStartDate", "lineItem/UsageEndDate"):
                line[name] = line[name].replace(" ", "T").replace("+00:00", "Z")
        reports[rows[0]["bill/BillingPeriodStartDate"][:7]] = rows
    assert sorted(reports) == list(MONTHS) and all(len(rows) > 100 for rows in reports.values())
    return reports


def expected_of(rows, last_day):
    """The same by Python, row by row."""
    sums = collections.defaultdict(lambda: [0, ZERO, ZERO])
    for line in rows:
        if line["lineItem/UsageAccountId"] not in CONNECTED:
            reason = "account-not-connected"
        elif line["lineItem/UsageStartDate"][:10] < last_day:
            reason = "before-threshold"
        elif line["lineItem/LineItemType"] == "Credit" and not line["lineItem/ResourceId"]:
            reason = "credit-without-resource"
        else:
            reason = "imported"
        cell = sums[line["lineItem/UsageAccountId"], reason]
        cell[0] += 1
        cell[1] += amount(line["lineItem/BlendedCost"] or 0)
        cell[2] += amount(line["lineItem/UnblendedCost"] or 0)
    return {place: tuple(cell) for place, cell in sums.items()}


def to_parquet(source, target):
    casts = "line_item_blended_cost::DOUBLE AS line_item_blended_cost, line_item_unblended_cost::DOUBLE AS line_item_unblended_cost"
    dates = ", ".join(f"{name}::TIMESTAMP AS {name}" for name in (
        "line_item_usage_start_date", "line_item_usage_end_date", "bill_billing_period_start_date"))
    sql = (f"COPY (SELECT * REPLACE ({casts}, {dates}) FROM read_csv('{source}', all_varchar = true, header = true)) "
           f"TO '{target}' (FORMAT parquet, COMPRESSION snappy)")
    subprocess.run(["duckdb", "-c", sql], env={**os.environ, "PATH": PATH}, check=True, capture_output=True, timeout=60)


def write_reports(reports, folder, kind):
    for month, rows in reports.items():
        header = list(rows[0])
        names = header if kind == "legacy" else [snake(name) for name in header]
        half = 0 if kind == "parquet" else len(rows) // 2  # a file of Parquet is a process of DuckDB
        for number, part in enumerate(filter(None, (rows[:half], rows[half:])), 1):
            data = text_of(names, [list(line.values()) for line in part])
            put(folder, key(month, number, kind == "legacy", ".csv.gz"), data)
            if kind == "parquet":
                source = folder / key(month, number, False, ".csv.gz")
                to_parquet(source, folder / key(month, number, False, ".snappy.parquet"))
                source.unlink()


def by_duckdb(folder, *options):
    """(period, account, reason) → (rows, blended, unblended), by the statement that is printed."""
    sql = run("--files", folder, "--as-of", "2026-11-20T00:00:00Z", *options, "--print-sql", "duckdb")
    assert sql.returncode == 0, sql.stderr
    done = subprocess.run(["duckdb", "-csv"], input=sql.stdout, capture_output=True, text=True, check=True,
                          env={**os.environ, "PATH": PATH}, timeout=60)
    return {(line["period"], line["account"], line["reason"]):
            (int(line["line_items"]), amount(line["blended"]), amount(line["unblended"]))
            for line in csv.DictReader(io.StringIO(done.stdout))}


@pytest.mark.parametrize("kind", ["legacy", "cur2", pytest.param("parquet", marks=needs_duckdb)])
def test_sums_of_koku_nises_reports_are_python_s_and_duckdb_s(reports, connected, kind, tmp_path):
    write_reports(reports, tmp_path, kind)
    options = ["--connected-accounts", connected, "--last-import", "2026-11-14T04:00:00Z"]
    periods = [word for month in MONTHS for word in ("--period", month)]
    answer = costs(tmp_path, *options, *periods)
    assert [period["period"] for period in answer["periods"]] == list(MONTHS)
    for period in answer["periods"]:
        expected = expected_of(reports[period["period"]], "2026-11-04")
        dropped = {place: cell for place, cell in expected.items() if place[1] != "imported"}
        assert table(period) == dropped
        assert period["imported"]["rows"] == sum(c[0] for p, c in expected.items() if p[1] == "imported")
    options[3] = "2026-10-14T04:00:00Z"  # in October: its days from the first on are taken
    if not duckdb_is_there():
        return
    answer = costs(tmp_path, *options, *periods)
    found = by_duckdb(tmp_path, *options, *periods)
    for period in answer["periods"]:
        of_account = collections.Counter()
        for (month, account, _), cell in found.items():
            of_account[account] += cell[1] if month == period["period"] else ZERO
        assert {one["account"]: amount(one["blended"]) for one in period["accounts"]} == dict(of_account)
        assert set(of_account) == set(ACCOUNTS)
        assert {place[1] for place in table(period)} == {
            "account-not-connected", "before-threshold" if period["period"] < "2026-10" else "credit-without-resource"}
        imported = [cell for place, cell in found.items() if place[0] == period["period"] and place[2] == "imported"]
        assert table(period) == {place[1:]: cell for place, cell in found.items()
                                 if place[0] == period["period"] and place[2] != "imported"}
        assert amount(period["imported"]["blended"]) == sum((cell[1] for cell in imported), ZERO)
        assert sum(row[0] for row in table(period).values()) > 20


# --- one reason a file ---

REASONS = {
    "account-not-connected (§5)": ({"UsageAccountId": ACCOUNTS[-1]}, "account-not-connected"),
    "before-threshold (§4.4)": ({"UsageStartDate": "2026-09-30T23:00:00Z"}, "before-threshold"),
    "bad-date (§4.3)": ({"UsageEndDate": "2026-10-20"}, "bad-date"),
    "not-a-number (§4.3)": ({"BlendedCost": "1,25"}, "not-a-number"),
    "credit-without-resource (§4.4)": ({"LineItemType": "Credit", "ResourceId": ""}, "credit-without-resource"),
}


@pytest.mark.parametrize("name", REASONS)
def test_a_reason_happens_alone(name, connected, tmp_path):
    changes, reason = REASONS[name]
    rows = [row(), row(**changes), row(LineItemDescription="of\nthree\nlines"), row()]
    put(tmp_path, key("2026-10", 1, True, ".csv.gz"), text_of(HEADER, rows))
    period = costs(tmp_path, "--connected-accounts", connected, "--last-import", "2026-10-11T00:00:00Z")["periods"][0]
    assert {place[1]: cell[0] for place, cell in table(period).items()} == {reason: 1}
    assert period["imported"] == {"rows": 3, "blended": "3.75", "unblended": "4.5"}
    stops = reason in ("bad-date", "not-a-number")
    assert (period["stops"] or {}).get("line") == (3 if stops else None)
    assert not stops or period["stops"]["file"] == key("2026-10", 1, True, ".csv.gz")


@needs_duckdb
@pytest.mark.parametrize("kind", ["legacy", "cur2", "parquet"])
def test_duckdb_gives_the_same_for_every_reason(kind, connected, tmp_path):
    """Numbers that are none cannot be in Parquet, whose costs are numbers; a date may be missing there."""
    changed = [changes for changes, reason in REASONS.values() if kind != "parquet" or reason != "not-a-number"]
    rows = [row(**{"ResourceId": f"i-{number}", **changes}) for number, changes in enumerate(changed * 3)] + [row()]
    if kind == "parquet":
        rows = [[value if value != "2026-10-20" else "" for value in line] for line in rows]
    names = HEADER if kind == "legacy" else [snake(name) for name in HEADER]
    path = put(tmp_path, key("2026-10", 1, kind == "legacy", ".csv.gz"), text_of(names, rows))
    if kind == "parquet":
        to_parquet(path, str(path).replace(".csv.gz", ".snappy.parquet"))
        path.unlink()
    options = ["--connected-accounts", connected, "--last-import", "2026-10-11T00:00:00Z"]
    period = costs(tmp_path, *options)["periods"][0]
    found = by_duckdb(tmp_path, *options)
    assert table(period) == {place[1:]: cell for place, cell in found.items() if place[2] != "imported"}
    assert {place[1]: cell[0] for place, cell in table(period).items()} == {
        reason: 3 for _, reason in REASONS.values() if kind != "parquet" or reason != "not-a-number"}


def test_equal_rows_of_two_chunks_overwrite_each_other(connected, tmp_path):
    same, other = row(), row(ResourceId="i-2")
    put(tmp_path, key("2026-10", 1, True, ".csv.gz"), text_of(HEADER, [same, other, row(BlendedCost="7")]))
    put(tmp_path, key("2026-10", 2, True, ".csv.gz"), text_of(HEADER, [same, row(ResourceId="i-3"), row(BlendedCost="8")]))
    period = costs(tmp_path, "--connected-accounts", connected)["periods"][0]
    assert table(period) == {(CONNECTED[0], "overwritten"): (2, amount("8.25"), amount("3"))}
    assert period["rows"] == 6 and period["imported"]["blended"] == "11.75"


def test_rows_of_other_accounts_shift_no_number(connected, tmp_path):
    """Row numbers count connected accounts' rows alone (importers/aws.py)."""
    stranger = row(UsageAccountId=ACCOUNTS[-1])
    put(tmp_path, key("2026-10", 1, True, ".csv.gz"), text_of(HEADER, [stranger, stranger, row()]))
    put(tmp_path, key("2026-10", 2, True, ".csv.gz"), text_of(HEADER, [row(), stranger]))
    period = costs(tmp_path, "--connected-accounts", connected)["periods"][0]
    assert {place[1]: cell[0] for place, cell in table(period).items()} == {"account-not-connected": 3, "overwritten": 1}


def test_what_is_shown_and_differs(connected, tmp_path):
    rows = [row(LineItemType="SavingsPlanCoveredUsage", SavingsPlanARN="arn:aws:savingsplans::1:savingsplan/x"),
            row(CurrencyCode="EUR")]
    put(tmp_path, key("2026-10", 1, True, ".csv.gz"), text_of(HEADER, rows))
    answer = costs(tmp_path, "--connected-accounts", connected)
    assert answer["currency"] is None and answer["periods"][0]["currencies"] == ["EUR", "USD"]
    assert answer["periods"][0]["moved"] == {"rows": 1, "blended": "1.25", "unblended": "1.5"}
    text = run("--files", tmp_path, "--connected-accounts", connected).stdout
    assert "Shown on a Savings Plan" in text and "several currencies" in text and "unblended" in text


def test_discounts_and_regions_follow_the_data_sources_settings(connected, tmp_path):
    """use_edp_discount, included_regions and excluded_regions (§1; importers/aws.py): of options, and of OptScale's API."""
    folder = tmp_path / "objects"
    header = [*map(snake, HEADER), "product", "discount"]
    rows = [row() + ['{"region":"eu-west-1"}', '{"edp_discount":-0.25,"private_rate_discount":"-0.125"}'],
            row(BlendedCost="4") + ['{"region":"us-east-1"}', '{"edp_discount":-1}'], row(BlendedCost="8") + ["", ""]]
    put(folder, "acme-billing/cur2/optscale/data/BILLING_PERIOD=2026-10/optscale-00001.csv.gz", text_of(header, rows))
    options = ["--connected-accounts", connected]
    plain = costs(folder / "acme-billing", *options)["periods"][0]
    assert (plain["discounts"], plain["dropped"], plain["imported"]["blended"]) == (None, [], "13.25")
    told = ["--use-edp-discount", "--excluded-regions", "ap-east-1, us-east-1"]
    period = costs(folder / "acme-billing", *options, *told)["periods"][0]
    assert table(period) == {(CONNECTED[0], "region-not-imported"): (1, amount("4"), amount("1.5"))}
    assert period["discounts"] == {"rows": 1, "amount": "-0.375"} and period["imported"]["blended"] == "9.25"
    assert "8.88 USD" in run("--files", folder / "acme-billing", *options, *told).stdout
    only = costs(folder / "acme-billing", *options, "--included-regions", "us-east-1")["periods"][0]
    assert table(only) == {(CONNECTED[0], "region-not-imported"): (1, amount("1.25"), amount("1.5"))}
    sql = run("--files", folder / "acme-billing", *options, *told, "--print-sql", "duckdb").stdout
    assert "region-not-imported" in sql and "discounts" in sql
    rows = [one[:1] + ["123456789012"] + one[2:] for one in rows]
    put(folder, "acme-billing/cur2/optscale/data/BILLING_PERIOD=2026-10/optscale-00001.csv.gz", text_of(header, rows))
    snapshot = account_of(folder, tmp_path, sample="root-existing-optscale.json")
    account = json.loads(snapshot.read_text())
    sources = next(call["answer"]["cloud_accounts"] for call in account["calls"] if call["operation"] == "ListCloudAccounts")
    for source in sources:
        source["last_import_modified_at"] = 0  # else these rows are too old
        source["config"].update({"use_edp_discount": True, "excluded_regions": ["us-east-1"]} if not source["config"].get("linked") else {})
    snapshot.write_text(json.dumps(account))
    done = live(folder, snapshot, "--optscale-url", "{url}", "--json")
    found = json.loads(done.stdout)["periods"][0]
    assert found["discounts"] == period["discounts"] and [one["reason"] for one in found["dropped"]] == ["region-not-imported"]


def random_rows(seed, count):
    chance = random.Random(seed)
    for number in range(count):
        yield row(UsageAccountId=chance.choice(ACCOUNTS), ResourceId=f"i-{number}" if chance.random() < .8 else "",
                  LineItemType=chance.choice(["Usage", "Credit", "Tax", "RIFee"]), LineItemDescription=f'SECRET "{number}",\n{number}',
                  UsageStartDate=f"2026-10-{chance.randrange(1, 29):02}T00:00:00Z",
                  BlendedCost=chance.choice([f"{chance.uniform(-5, 50):.10f}", f"{chance.random():.6e}", "", "0"]))


def test_neither_order_nor_splitting_matters(connected, tmp_path):
    rows = list(random_rows(1, 1500))
    answers = []
    for variant, chunks in enumerate((1, 2, 7, 7)):
        folder = tmp_path / str(variant)
        random.Random(variant).shuffle(rows)
        for number in range(chunks):
            ending = (".csv.gz", ".csv.zip", ".csv")[number % 3]
            put(folder, key("2026-10", number + 1, True, ending), text_of(HEADER, rows[number::chunks]))
        period = costs(folder, "--connected-accounts", connected, "--last-import", "2026-10-21T00:00:00Z", "--threads",
                       1 + variant % 2)["periods"][0]
        answers.append((table(period), period["imported"], period["blended"]))
    assert answers[0] == answers[1] == answers[2] == answers[3]


# --- what is broken ---

def damage(data, how):
    middle = len(data) // 2
    return {"truncated": data[:middle], "wrong CRC": data[:-8] + bytes([data[-8] ^ 1]) + data[-7:],
            "garbage behind": data + b"garbage", "nothing": b""}[how]


@pytest.mark.parametrize("how", ["truncated", "wrong CRC", "garbage behind", "nothing"])
@pytest.mark.parametrize("ending", [".csv.gz", ".csv.zip"])
def test_a_damaged_file_makes_the_period_incomplete(how, ending, connected, tmp_path):
    put(tmp_path, key("2026-10", 1, True, ".csv.gz"), text_of(HEADER, random_rows(2, 50)))
    path = put(tmp_path, key("2026-10", 2, True, ending), text_of(HEADER, random_rows(3, 500)))
    if ending == ".csv.zip" and how in ("wrong CRC", "garbage behind"):
        data = path.read_bytes()
        path.write_bytes(data[:14] + bytes([data[14] ^ 1]) + data[15:])
    else:
        path.write_bytes(damage(path.read_bytes(), how))
    period = costs(tmp_path, "--connected-accounts", connected, status=3)["periods"][0]
    assert (period["state"], period["rows"], period["blended"], period["imported"]) == ("incomplete", None, None, None)
    assert [failure["file"] for failure in period["incomplete"]] == [key("2026-10", 2, True, ending)]
    assert "incomplete" in run("--files", tmp_path).stdout


@pytest.mark.parametrize("data, said", [
    (text_of(HEADER, [row()]) + b'"never closed', ":3: a quote is opened here"),
    (text_of(HEADER[:-4], [row()[:-4]]), "'lineItem/BlendedCost'"),
    (text_of(HEADER, [row(BlendedCost="1" * 60)]), ":2: an amount with more digits"),
])
def test_what_cannot_be_read_is_named(data, said, tmp_path):
    put(tmp_path, key("2026-10", 1, True, ".csv.gz"), data)
    period = costs(tmp_path, status=3)["periods"][0]
    assert said in period["incomplete"][0]["message"]


def test_records_of_another_length_are_named(tmp_path):
    put(tmp_path, key("2026-10", 1, True, ".csv.gz"), text_of(HEADER, [row(), row() + ["more"], row()[:12]]))
    text = run("--files", tmp_path).stdout
    assert f"exp-00001.csv.gz:3: {len(HEADER) + 1} fields, where the header has {len(HEADER)}" in text


def test_400_columns_and_maps(connected, tmp_path):
    header = [snake(name) for name in HEADER] + [f"column_{n}" for n in range(385)]
    rows = [line + ['{"a":"b,\n\\"c\\""}'] * 385 for line in random_rows(4, 60)]
    put(tmp_path, key("2026-10", 1, False, ".csv.gz"), text_of(header, rows))
    period = costs(tmp_path, "--connected-accounts", connected)["periods"][0]
    table(period)
    assert amount(period["blended"]) == sum((amount(line[11] or 0) for line in rows), ZERO)


# --- choices ---

def test_periods_and_exports_are_chosen_or_named(tmp_path):
    for month in MONTHS + ("2026-11",):
        put(tmp_path, key(month, 1, True, ".csv.gz"), text_of(HEADER, [row()]))
    assert costs(tmp_path)["periods"][0]["period"] == "2026-10"
    done = run("--files", tmp_path, "--period", "2025-01")
    assert done.returncode == 2 and "2026-11, 2026-10" in done.stderr
    put(tmp_path, "b/other/20261001-20261101/other-1.csv.gz", b"")
    done = run("--files", tmp_path)
    assert done.returncode == 2 and "--prefix 'b' --export-name other" in done.stderr
    assert run("--files", tmp_path / "none").returncode == 2


def test_parquet_without_duckdb_says_how_to_get_it(tmp_path):
    put(tmp_path, key("2026-10", 1, False, ".snappy.parquet"), b"PAR1")
    done = subprocess.run([EXPORTCHECK, "costs", "--files", tmp_path], env={"PATH": "/nowhere"}, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 3 and "pip install duckdb-cli" in done.stdout


@pytest.mark.parametrize("dialect", ["duckdb", "athena"])
def test_statements_parse_in_their_dialects(dialect, connected, tmp_path):
    sqlglot = pytest.importorskip("sqlglot", reason="sqlglot is not there (pip install sqlglot)")
    put(tmp_path, key("2026-10", 1, False, ".csv.gz"), b"")
    where = ["--files", tmp_path] if dialect == "duckdb" else ["--bucket", "acme", "--prefix", "it's"]
    done = run(*where, "--export-name", "exp", "--prefix", "cur", "--period", "2026-10", "--print-sql", dialect,
               "--connected-accounts", connected, "--last-import", "2026-11-01T00:00:00Z")
    assert (done.returncode, done.stderr) == (0, "")
    statements = sqlglot.parse(done.stdout, dialect=dialect)
    assert [type(statement).__name__ for statement in statements] == ["Create", "Select"][dialect == "duckdb":]


# --- from S3 ---

def account_of(folder, tmp_path, change=lambda objects: None, sample="root-existing-cur2.json"):
    """A sample account whose listing is that of the files; its bucket is `acme-billing`."""
    account = json.loads((ROOT / "tests/accounts" / sample).read_text(encoding="utf-8"))
    objects = [{"Key": path.relative_to(folder / "acme-billing").as_posix(), "LastModified": "2026-11-14T05:10:02.000Z",
                "ETag": f'"{number:032x}"', "Size": path.stat().st_size, "StorageClass": "STANDARD"}
               for number, path in enumerate(sorted(path for path in folder.rglob("*") if path.is_file()))]
    change(objects)
    for call in account["calls"]:
        if call["operation"] == "ListObjectsV2":
            call["answer"] = {"Contents": objects}
    path = tmp_path / "account.json"
    path.write_text(json.dumps(account))
    return path


def environment_of(url):
    return {"PATH": PATH, "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "x", "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "2",
            "AWS_ENDPOINT_URL": url, "OPTSCALE_TOKEN": "x"}


def live(folder, snapshot, *arguments, options=(), command="costs"):
    server = subprocess.Popen([EXPORTCHECK, "serve", snapshot, "--objects", folder, *options], stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        return subprocess.run([EXPORTCHECK, command, "--bucket", "acme-billing", "--export-name", "optscale", "--prefix",
                               "cur2", *(str(word).replace("{url}", url) for word in arguments)], env=environment_of(url),
                              capture_output=True, text=True, timeout=120, check=False)
    finally:
        server.terminate()
        assert server.wait(10) == 0


def put_live(folder, number, rows, pad=0, ending=".csv.gz"):
    """Padding that does not compress makes an object of several ranges."""
    chance = random.Random(number)
    padding = chance.randbytes(pad).hex()
    rows = [line + [padding[at:at + 4000]] for at, line in zip(range(0, len(padding) or 1, 4000), rows)] if pad else rows
    data = text_of([snake(name) for name in HEADER] + ["padding"] * bool(pad), rows)
    return put(folder, f"acme-billing/cur2/optscale/data/BILLING_PERIOD=2026-10/optscale-{number:05}{ending}", data)


@pytest.fixture(scope="module", name="made")
def objects_that_are_made_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("objects")
    for number in (1, 2, 3):
        put_live(folder, number, list(random_rows(number, 2500)), pad=5_000_000 if number == 2 else 0)
    return folder


@pytest.fixture(name="objects")
def objects_in_s3(made, tmp_path):
    return shutil.copytree(made, tmp_path / "objects")


def test_objects_of_s3_give_what_files_give(objects, connected, tmp_path):
    done = live(objects, account_of(objects, tmp_path), "--connected-accounts", connected, "--account-id", CONNECTED[0], "--json")
    assert done.returncode == 0, done.stderr
    local = costs(objects / "acme-billing", "--connected-accounts", connected)
    found = json.loads(done.stdout)["periods"][0]
    assert table(found) == table(local["periods"][0]) and found["blended"] == local["periods"][0]["blended"]


def test_an_object_that_changes_is_named(objects, connected, tmp_path):
    def change(listed):
        listed[1]["Size"] -= 1  # as it was when it was listed

    done = live(objects, account_of(objects, tmp_path, change), "--connected-accounts", connected, "--json")
    period = json.loads(done.stdout)["periods"][0]
    assert (done.returncode, period["state"], period["blended"]) == (3, "incomplete", None)
    assert "optscale-00002.csv.gz" in period["incomplete"][0]["file"]
    assert "changed between listing and reading" in period["incomplete"][0]["message"]


def assert_incomplete(done, *names):
    """These files are named, and there is no sum: in JSON, in words, and for rules."""
    period = json.loads(done.stdout)["periods"][0]
    assert (done.returncode, period["state"], period["rows"], period["blended"], period["imported"], period["dropped"]) == (
        3, "incomplete", None, None, None, [])
    assert [failure["file"].rpartition("/")[2] for failure in period["incomplete"]] == list(names)
    return period["incomplete"][0]["message"]


SECOND, MIDDLE = "optscale-00002.csv.gz", "bytes=2097152-"


@pytest.mark.parametrize("fault, names, said", [
    ("s3:GetObject=denied", [f"optscale-0000{number}.csv.gz" for number in (1, 2, 3)], "s3:GetObject: AccessDenied"),
    (f"s3:GetObject/{SECOND}=denied", [SECOND], "s3:GetObject: AccessDenied"),
    (f"s3:GetObject/{MIDDLE}=denied", [SECOND], "s3:GetObject: AccessDenied"),
    (f"s3:GetObject/{MIDDLE}=http-500", [SECOND], "s3:GetObject: InternalError"),
    (f"s3:GetObject/{MIDDLE}=truncated", [SECOND], "S3 gave 1048576 bytes of a range of 2097152"),
])
def test_what_s3_refuses_in_the_middle_is_named(fault, names, said, objects, connected, tmp_path):
    done = live(objects, account_of(objects, tmp_path), "--connected-accounts", connected, "--json",
                options=["--fault", fault])
    assert said in assert_incomplete(done, *names)


@pytest.mark.parametrize("how, said", [("truncated", "breaks off"), ("wrong CRC", "its CRC is wrong")])
def test_a_damaged_object_is_named(how, said, objects, connected, tmp_path):
    path = objects / "acme-billing/cur2/optscale/data/BILLING_PERIOD=2026-10" / SECOND
    path.write_bytes(damage(path.read_bytes(), how))
    done = live(objects, account_of(objects, tmp_path), "--connected-accounts", connected, "--json")
    assert said in assert_incomplete(done, SECOND)


def test_an_object_that_changes_while_it_is_read_is_named(objects, connected, tmp_path):
    """It is written anew once its first range was asked for: the others are of another object."""
    path = objects / "acme-billing/cur2/optscale/data/BILLING_PERIOD=2026-10" / SECOND
    server = subprocess.Popen([EXPORTCHECK, "serve", account_of(objects, tmp_path), "--objects", objects, "--verbose",
                               "--latency", "100"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        with subprocess.Popen([EXPORTCHECK, "costs", "--bucket", "acme-billing", "--export-name", "optscale", "--prefix", "cur2",
                               "--connected-accounts", connected, "--threads", "1", "--json"], stdout=subprocess.PIPE,
                              text=True, env=environment_of(server.stdout.readline().strip())) as reading:
            gets = 0
            while gets < 3:  # the first object, and two ranges of the second
                gets += "s3:GetObject" in server.stderr.readline()
            path.write_bytes(path.read_bytes() + b"more")
            output = reading.stdout.read()
        done = subprocess.CompletedProcess([], reading.returncode, output)
    finally:
        server.terminate()
        server.communicate(timeout=10)
    assert "changed between listing and reading" in assert_incomplete(done, SECOND)


def test_an_incomplete_period_has_no_sums_in_a_check(objects, connected, tmp_path):
    kept = tmp_path / "kept.json"
    done = live(objects, account_of(objects, tmp_path), "--connected-accounts", connected, "--rule", "caller-identity", "--costs",
                "-o", "json", "--save-snapshot", kept, options=["--fault", f"s3:GetObject/{MIDDLE}=denied"], command="check")
    results = [one for one in json.loads(done.stdout)["results"] if one["rule"].startswith("costs-")]
    assert {one["status"] for one in results} == {"unknown"} and "could not be read to its end" in results[0]["message"]
    assert json.loads(kept.read_text())["target"]["costs"] == {
        "format": "exportcheck-cost-sums/1", "period": "2026-10", "state": "incomplete"}


@needs_duckdb
def test_parquet_of_s3(connected, tmp_path):
    folder = tmp_path / "objects"
    source = put_live(folder, 1, list(random_rows(9, 300)))
    expected = costs(folder / "acme-billing", "--connected-accounts", connected)["periods"][0]["rows"]
    to_parquet(source, str(source).replace(".csv.gz", ".snappy.parquet"))
    source.unlink()
    done = live(folder, account_of(folder, tmp_path), "--connected-accounts", connected, "--json")
    assert json.loads(done.stdout)["periods"][0]["rows"] == expected


def test_nothing_of_a_row_is_told(objects, connected, tmp_path):
    text = live(objects, account_of(objects, tmp_path), "--connected-accounts", connected).stdout
    data = live(objects, account_of(objects, tmp_path), "--connected-accounts", connected, "--json").stdout
    assert "SECRET" not in text + data and "i-1" not in data and "billed" in text


def test_check_reads_costs_where_asked(objects, connected, tmp_path):
    snapshot, kept = account_of(objects, tmp_path), tmp_path / "kept.json"
    options = ["--connected-accounts", connected, "--rule", "caller-identity", "-o", "json"]
    ledger = tmp_path / "ledger.jsonl"
    done = live(objects, snapshot, *options, "--costs", "--save-snapshot", kept, "--verbose", "--ledger", ledger, command="check")
    assert done.stderr.count("the longest chain has") == 1
    called = [json.loads(line)["call"] for line in ledger.read_text().splitlines()]
    assert f"exportcheck: {len(called)} calls in" in done.stderr
    assert called.count("s3:GetObject") > 3 and called.index("s3:GetObject") < len(called) - 1 - called[::-1].index("sts:GetCallerIdentity")
    results = {(row["rule"], row["subject"]): row for row in json.loads(done.stdout)["results"]}
    assert done.returncode == 1, done.stderr
    assert {subject for rule, subject in results if rule == "costs-accounts-connected"} == set(ACCOUNTS)
    lost = results["costs-accounts-connected", ACCOUNTS[-1]]
    local = costs(objects / "acme-billing", "--connected-accounts", connected)["periods"][0]
    billed = next(row for row in local["accounts"] if row["account"] == ACCOUNTS[-1])
    assert lost["status"] == "fail" and f"{amount(billed['blended']):,.2f} USD of 2026-10" in lost["message"]
    assert results["costs-mostly-imported", "2026-10"]["status"] == "fail"
    text = kept.read_text()
    assert "SECRET" not in text and "i-1" not in text and json.loads(text)["target"]["costs"]["blended"] == local["blended"]
    again = subprocess.run([EXPORTCHECK, "check", "--snapshot", kept, "--costs", "--rule", "caller-identity", "-o", "json"],
                           capture_output=True, text=True, check=False)
    assert [row["message"] for row in json.loads(again.stdout)["results"]] == [row["message"] for row in results.values()]
    plain = live(objects, snapshot, *options, command="check")
    assert plain.returncode == 0 and "costs" not in plain.stdout
    refused = subprocess.run([EXPORTCHECK, "check", "--snapshot", snapshot, "--costs"], capture_output=True, text=True, check=False)
    assert refused.returncode == 2 and "made without --costs" in refused.stderr


def test_three_sets_of_accounts_stand_side_by_side(connected, tmp_path):
    folder = tmp_path / "objects"
    put_live(folder, 1, [row(UsageAccountId=CONNECTED[0]), row(UsageAccountId=ACCOUNTS[-1]), row(UsageAccountId="210987654321")])
    snapshot = account_of(folder, tmp_path)
    options = ["--connected-accounts", connected, "--account-id", CONNECTED[0]]
    answer = json.loads(live(folder, snapshot, *options, "--json").stdout)
    members = json.loads(snapshot.read_text())["calls"]
    members = next(call["answer"]["Accounts"] for call in members if call["operation"] == "ListAccounts")
    assert answer["connected"] == CONNECTED
    assert answer["organization"] == sorted(one["Id"] for one in members if one.get("State", one.get("Status")) == "ACTIVE")
    assert [one["account"] for one in answer["periods"][0]["accounts"]] == sorted([CONNECTED[0], ACCOUNTS[-1], "210987654321"])
    text = live(folder, snapshot, *options).stdout
    lines = {line.split()[0]: line.split()[1:4] for line in text.splitlines() if line.startswith("    ") and line.split()[0].isdigit()
             and line.split()[1] in ("yes", "no")}
    assert lines[CONNECTED[0]] == ["yes", "yes", "no"] and lines[ACCOUNTS[-1]] == ["yes", "no", "no"]
    assert lines["210987654321"] == ["yes", "no", "active"] and lines[CONNECTED[1]] == ["no", "yes", "no"]
    assert set(lines) == {*CONNECTED, ACCOUNTS[-1], *(one["Id"] for one in members)}
    unread = live(folder, snapshot, *options, options=["--fault", "organizations:DescribeOrganization=denied"]).stdout
    assert f"    {ACCOUNTS[-1]:20}  yes          no         ?" in unread and "the organization was not read" in unread


def test_costs_stand_in_for_an_organization_that_may_not_be_read(connected, tmp_path):
    objects = tmp_path / "objects"
    path = put_live(objects, 1, [row(UsageAccountId=account) for account in ACCOUNTS])
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    put(objects, str(path), "".join([f"{lines[0]},bill_payer_account_id\n"] + [f"{line},123456789012\n" for line in lines[1:]]).encode())
    snapshot = account_of(objects, tmp_path, lambda listed: listed[0].update(LastModified="2026-11-22T05:10:02.000Z"))
    account = json.loads(snapshot.read_text())
    for call in account["calls"]:
        if call["operation"] == "GetCallerIdentity":
            call["answer"]["Arn"] = "arn:aws:iam::123456789012:user/optscale"  # OptScale's own key: the newest file names the payer
    snapshot.write_text(json.dumps(account))
    options = ["--connected-accounts", connected, "--principal", "arn:aws:iam::123456789012:user/optscale", "--rule",
               "organization-*", "--rule", "account-is-payer", "-o", "json"]
    refused = ["--fault", "organizations:DescribeOrganization=denied"]
    found = {}
    for costs_too in ([], ["--costs"]):
        done = live(objects, snapshot, *options, *costs_too, options=refused, command="check")
        found[len(costs_too)] = {(one["rule"], one["subject"]): one for one in json.loads(done.stdout)["results"]}
    without, within = found[0], found[1]
    assert {one["status"] for (rule, _), one in without.items() if rule.startswith("organization-")} == {"unknown"}
    members = {subject: one for (rule, subject), one in within.items() if rule == "organization-accounts-connected"}
    assert {subject: one["status"] for subject, one in members.items()} == {
        account: "pass" if account in CONNECTED else "fail" for account in ACCOUNTS}
    assert all("by the costs of 2026-10" in one["message"] for one in members.values())
    strangers = [one for (rule, _), one in within.items() if rule == "organization-no-extra-accounts"]
    assert {one["status"] for one in strangers} == {"pass"} and len(strangers) == len(CONNECTED)


def test_the_demonstration_reads_costs(tmp_path):
    done = subprocess.run([EXPORTCHECK, "demo", "--costs", "--output-dir", tmp_path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    results = [row for row in json.loads((tmp_path / "results.json").read_text())["results"] if row["rule"].startswith("costs-")]
    assert {row["subject"]: row["status"] for row in results} == {
        "123456789012": "pass", "210987654321": "pass", "345678901234": "pass", "456789012345": "fail", "567890123456": "fail",
        "2026-10": "fail"}
    rows = (tmp_path / "objects/acme-billing/cur2/optscale/data/BILLING_PERIOD=2026-10/optscale-00001.csv.gz").read_text()
    lost = sum(amount(line["line_item_blended_cost"]) for line in csv.DictReader(io.StringIO(rows))
               if line["line_item_usage_account_id"] in ("456789012345", "567890123456"))
    sentence = f"2 accounts are not connected: {lost:,.2f} USD of October ("
    assert sentence in done.stdout and sentence in html.unescape(re.sub("<[^>]*>", "", (tmp_path / "report.html").read_text()))
    assert "i-123456789012" not in (tmp_path / "snapshot.json").read_text()


def test_the_demonstration_s_rows_are_what_the_script_writes(tmp_path):
    for place in ("scripts", "tests/accounts"):
        (tmp_path / place).mkdir(parents=True)
    shutil.copy(ROOT / "scripts/make-demo-costs", tmp_path / "scripts")
    subprocess.run([sys.executable, tmp_path / "scripts/make-demo-costs"], check=True)
    name = "tests/accounts/demo-costs.csv"
    assert (tmp_path / name).read_bytes() == (ROOT / name).read_bytes()
