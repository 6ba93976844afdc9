"""`predict --listing`: from a listing that someone has at hand to what OptScale would do with it."""

import json
import os
import subprocess

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")

LISTING = """\
2026-01-06 10:11:12       1234 a/b/exp/data/BILLING_PERIOD=2025-09/exp-00001.csv.gz
2026-01-06 10:11:12       1234 a/b/exp/data/BILLING_PERIOD=2025-10/exp-00001.csv.gz
2026-01-06 10:11:12       1234 a/b/exp/data/BILLING_PERIOD=2025-11/exp-00001.csv.gz
2026-01-06 10:11:12       1234 a/b/exp/data/BILLING_PERIOD=2025-12/exp-00001.csv.gz
2026-01-06 10:11:12       1234 a/b/exp/data/BILLING_PERIOD=2026-01/exp-00001.csv.gz
2026-01-06 10:11:12       1234 a/b/exp/data/BILLING_PERIOD=2026-01/exp-00001.snappy.parquet
2026-01-06 10:11:12       1234 a/b/exp/metadata/BILLING_PERIOD=2026-01/exp-Manifest.json
2026-01-06 10:11:12       1234 top/data/BILLING_PERIOD=2026-01/top-00001.csv.gz
"""


def run(*arguments, listing=LISTING):
    return subprocess.run([EXPORTCHECK, "predict", *arguments], input=listing.encode(), capture_output=True, check=False)


def predict(prefix, *more, listing=LISTING, name="exp"):
    done = run("--bucket", "acme", "--prefix", prefix, "--export-name", name, "--listing", "-", "--json", *more,
               listing=listing)
    answer = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0 if answer["discovery"]["ok"] and answer["connect"]["ok"] else 1, b"")
    return answer


def test_the_right_prefix_imports_the_four_newest_periods():
    answer = predict("a/b")
    assert answer["connect"]["ok"] and answer["connect"]["found_files"]
    assert answer["first_import_periods"] == [
        "20260101-20260201", "20251201-20260101", "20251101-20251201", "20251001-20251101"]
    assert len(answer["discovery"]["periods"]) == 5
    assert answer["files"] == {"taken": 5, "not_in_folder": 0, "beyond_page": 0, "older_version": 0, "no_report": 1,
                               "shadowed": 1, "no_period": 0}
    assert answer["enter_instead"] == []


def test_the_last_folder_alone_connects_and_then_fails():
    answer = predict("b")
    assert answer["connect"]["ok"] and not answer["connect"]["found_files"]
    assert answer["discovery"]["error"].startswith("Report files for report exp not found in bucket acme")
    assert answer["enter_instead"][0] == {"prefix": "a/b", "export_name": "exp", "export_type": "cur2", "files": 6}
    assert answer["enter_instead"][1] == {"prefix": None, "export_name": "top", "export_type": "cur2", "files": 1}


def test_the_path_with_the_name_is_stored_without_it():
    assert predict("a/b/exp")["connect"]["config_updates"]["bucket_prefix"] == "a/b"


def test_the_wrong_type_names_the_right_one():
    answer = predict("a/b", "--export-type", "legacy")
    assert answer["connect"]["error"] == "Unable to find report exp files"
    assert answer["connect"]["error_code"] == "OE0371"
    assert answer["enter_instead"][0]["export_type"] == "cur2"


def test_builds_differ_in_their_words():
    assert "Please check" in predict("zzz")["discovery"]["error"]
    old = predict("zzz", "--optscale-build", "h24")
    assert old["discovery"]["error"] == "Report files for report exp not found in bucket acme"


def test_both_forms_of_a_listing_say_the_same():
    contents = [{"Key": line[31:], "LastModified": "2026-01-06T10:11:12+00:00", "Size": 1234}
                for line in LISTING.splitlines()]
    assert predict("a/b", listing=json.dumps({"Contents": contents})) == predict("a/b")


def test_words_say_what_happens():
    text = run("--bucket", "acme", "--prefix", "b", "--export-name", "exp", "--listing", "-").stdout.decode()
    assert "Connecting succeeds." in text
    assert "The first import fails:" in text
    assert "--prefix 'a/b'" in text


def test_an_unlisted_region_is_named():
    text = run("--bucket", "acme", "--prefix", "a/b", "--export-name", "exp", "--listing", "-", "--region",
               "ap-east-2").stdout.decode()
    assert "Invalid region: ap-east-2" in text


def test_what_is_missing_or_wrong_is_a_usage_error():
    for arguments, listing in [
        ([], ""),
        (["--listing", "-"], ""),
        (["--listing", "/nonexistent", "--bucket", "b", "--export-name", "e"], ""),
        (["--listing", "-", "--bucket", "b", "--export-name", "e"], "hello"),
        (["--optscale-build", "x", "--listing", "-", "--bucket", "b", "--export-name", "e"], ""),
        (["--export-type", "x", "--listing", "-", "--bucket", "b", "--export-name", "e"], ""),
    ]:
        done = run(*arguments, listing=listing)
        assert (done.returncode, done.stdout) == (2, b""), arguments
        assert done.stderr.startswith(b"exportcheck: "), arguments


def test_a_url_is_taken_apart_and_told():
    done = run("--bucket", "s3://acme/a/b/", "--export-name", "exp", "--listing", "-")
    assert done.returncode == 0
    assert done.stderr == b"exportcheck: predict: took the URL apart: --bucket acme --prefix 'a/b'\n"


def test_without_an_export_the_candidates_are_named():
    done = run("--bucket", "acme", "--listing", "-")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"--prefix 'a/b' --export-name 'exp' --export-type cur2" in done.stderr
    assert b"--export-name 'top'" in done.stderr


def test_a_first_import_that_would_find_nothing_is_a_finding():
    assert run("--bucket", "acme", "--prefix", "b", "--export-name", "exp", "--listing", "-").returncode == 1
