"""What was delivered tells what the export is, where OptScale's own key may not read it; and of rows nothing is kept."""

import contextlib
import gzip
import http.client
import http.server
import io
import json
import os
import pathlib
import subprocess
import threading
import urllib.parse
import zipfile

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
ACCOUNTS = ROOT / "tests" / "accounts"
# What no file tells: whether another export writes to the same folder, and whether the query leaves rows out. Legacy
# reports may be listed, and have no query.
UNTOLD_OF_CUR2 = {"export-unique-destination", "export-selects-all-rows"}
UNTOLD = {"root-existing-nested": UNTOLD_OF_CUR2, "root-existing-cur2": UNTOLD_OF_CUR2, "root-existing-kms": UNTOLD_OF_CUR2}
UNTOLD_OF_LEGACY = {"export-unique-destination"}
MARK = "i-0feedfacemarked"


def read(name):
    return json.loads((ACCOUNTS / f"{name}.json").read_text(encoding="utf-8"))


@contextlib.contextmanager
def serve(name, *options):
    process = subprocess.Popen([EXPORTCHECK, "serve", str(ACCOUNTS / f"{name}.json"), *options], stdout=subprocess.PIPE, text=True)
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.communicate(timeout=10)


def check(url, name, tmp_path, *options):
    target = tmp_path / "target.json"
    target.write_text(json.dumps(read(name)["target"]), encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
                   "AWS_SECRET_ACCESS_KEY": "none", "AWS_ENDPOINT_URL": url, "AWS_EC2_METADATA_DISABLED": "true"}
    done = subprocess.run([EXPORTCHECK, "check", "--target", str(target), "-o", "json", *options], capture_output=True, text=True,
                          check=False, timeout=60, env=environment)
    assert done.returncode in (0, 1, 3), done.stderr
    return json.loads(done.stdout)["results"], done


@pytest.mark.parametrize("name", ["root-existing-cur2", "root-existing-legacy", "root-existing-athena", "root-existing-nested",
                                  "root-existing-kms"])
def test_optscales_own_key_learns_from_files_what_the_export_is(name, tmp_path):
    with serve(name, "--as", read(name)["target"]["principal"]) as url:
        results, _ = check(url, name, tmp_path)
    assert [result["rule"] for result in results if result["status"] == "fail"] == []
    unknown = {result["rule"] for result in results if result["status"] == "unknown"}
    assert {rule for rule in unknown if rule.startswith("export-")} == UNTOLD.get(name, UNTOLD_OF_LEGACY)
    assert not {rule for rule in unknown if rule.startswith(("delivery-", "bucket-policy-delivers"))}
    delivers = next(result for result in results if result["rule"].startswith("bucket-policy-delivers") and result["status"] == "pass")
    assert delivers["message"].endswith("; seen in the file of 2026-11-22")


def test_the_administrator_is_told_of_settings_that_are_newer_than_the_file(tmp_path):
    account = read("root-existing-cur2")
    export = next(call for call in account["calls"] if call["operation"] == "GetExport")["answer"]["Export"]
    export["DestinationConfigurations"]["S3Destination"]["S3OutputConfigurations"].update(Format="PARQUET", Compression="PARQUET")
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(account), encoding="utf-8")
    done = subprocess.run([EXPORTCHECK, "check", "--snapshot", str(path), "-o", "json"], capture_output=True, text=True, check=False)
    found = next(result for result in json.loads(done.stdout)["results"] if result["rule"] == "export-format")
    assert found["status"] == "pass"
    assert found["message"].endswith("; the setting may be newer than the file of 2026-11-22, which has TEXT_OR_CSV, compressed as GZIP")


# ---------------------------------------------------------------- rows of billing data


def marked_file(columns, suffix):
    """A billing file of which one row is marked; a Parquet file, written by Apache Arrow, lies in a corpus."""
    if suffix == ".parquet":
        return (ROOT / "tests" / "fuzz" / "corpus" / "parquet" / "arrow-hourly.parquet").read_bytes()
    row = {"identity_time_interval": "2026-11-01T00:00:00Z/2026-11-01T01:00:00Z", "bill_payer_account_id": "123456789012",
           "line_item_currency_code": "EUR"}
    row |= {"identity/TimeInterval": row["identity_time_interval"], "bill/PayerAccountId": "123456789012", "lineItem/CurrencyCode": "EUR"}
    text = (",".join(columns) + "\n" + ",".join(row.get(column, MARK) for column in columns) + "\n").encode()
    if suffix == ".csv.gz":
        return gzip.compress(text)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("part.csv", text)
    return packed.getvalue()


@contextlib.contextmanager
def with_rows(upstream, columns, suffix):
    """Hands every request on to `serve`, and answers the one for a billing file with a file that has a marked row."""
    body = marked_file(columns, suffix)

    class Handler(http.server.BaseHTTPRequestHandler):
        def hand_on(self):
            if self.command == "GET" and self.path.endswith(suffix):
                return self.reply(200, [], body)
            connection = http.client.HTTPConnection(urllib.parse.urlsplit(upstream).netloc, timeout=30)
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            connection.request(self.command, self.path, sent, dict(self.headers))
            answer = connection.getresponse()
            kept = [pair for pair in answer.getheaders() if pair[0].lower() not in ("content-length", "connection", "transfer-encoding")]
            return self.reply(answer.status, kept, answer.read())

        def reply(self, status, headers, content):
            self.send_response_only(status)
            for pair in headers:
                self.send_header(*pair)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_POST = do_HEAD = hand_on

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("name, suffix", [("root-existing-cur2", ".csv.gz"), ("root-existing-legacy", ".csv.zip"),
                                          ("root-existing-nested", ".parquet"), ("root-existing-athena", ".parquet")])
def test_of_delivered_rows_nothing_is_in_snapshot_report_or_log(name, suffix, tmp_path):
    header = next(call["answer"]["Header"] for call in read(name)["calls"] if call["operation"] == "GetObject" and "Range" in call["parameters"])
    snapshot = tmp_path / "snapshot.json"
    with serve(name, "--as", "optscale") as upstream, with_rows(upstream, header, suffix) as url:
        results, done = check(url, name, tmp_path, "--save-snapshot", str(snapshot), "-o", f"html={tmp_path / 'r.html'}",
                              "-o", f"markdown={tmp_path / 'r.md'}", "-o", f"jsonl={tmp_path / 'r.jsonl'}", "--verbose")
    kept = next(call["answer"] for call in json.loads(snapshot.read_text(encoding="utf-8"))["calls"]
                if call["operation"] == "GetObject" and "Range" in call["parameters"])
    assert kept["Derived"] == {"Granularity": "HOURLY", "Payer": "123456789012", "Currency": "EUR"}
    assert set(kept) == {"Header", "Derived"} and (kept["Header"] == header or suffix == ".parquet")
    assert next(result for result in results if result["rule"] == "export-granularity")["status"] == "pass"
    assert MARK.encode() in marked_file(header, suffix) or suffix != ".parquet"
    for text in (done.stdout, done.stderr, *(path.read_text(encoding="utf-8") for path in tmp_path.iterdir())):
        assert MARK not in text
