"""`check --targets`: many targets in one run; each as a run of its own would see it, and none hurt by another."""

import csv
import io
import json
import os
import pathlib
import re
import signal
import subprocess
import time
from random import Random

import pytest

EXPORTCHECK = os.path.abspath(os.environ.get("EXPORTCHECK", "build/dev/exportcheck"))
ACCOUNTS = sorted((pathlib.Path(__file__).resolve().parents[1] / "accounts").glob("*.json"))
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true"}


def run(*arguments, env=None, **more):
    return subprocess.run([EXPORTCHECK, *map(str, arguments)], capture_output=True, timeout=120, check=False,
                          env=env or ENVIRONMENT, **more)


def write(path, targets):
    path.write_text("".join(json.dumps(target) + "\n" for target in targets), encoding="utf-8")
    return path


def samples():
    return [{"name": path.stem, "snapshot": str(path)} for path in ACCOUNTS]


def read(text):
    lines = [json.loads(line) for line in text.decode().splitlines()]
    return lines[0], lines[1:-1]


@pytest.fixture(scope="module", name="fleet")
def make_fleet(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fleet")
    done = run("check", "--targets", write(folder / "targets.jsonl", samples()), "-o", f"jsonl={folder / 'all.jsonl'}",
               "-o", f"csv={folder / 'all.csv'}", "-o", f"text={folder / 'all.txt'}", "-o", f"junit={folder / 'all.xml'}")
    assert (done.returncode, done.stdout) == (1, b"")
    assert re.fullmatch(r"Not ready: 4 of \d+ targets are not ready\. → \S+all.jsonl, \S+all.csv, \S+all.txt, \S+all.xml\n",
                        done.stderr.decode())
    return folder


def test_every_result_is_that_of_a_run_of_its_own_in_the_files_order(fleet):
    head, results = read((fleet / "all.jsonl").read_bytes())
    assert [row["name"] for row in head["targets"]] == [path.stem for path in ACCOUNTS]
    at = 0
    for path, row in zip(ACCOUNTS, head["targets"]):
        alone = run("check", "--snapshot", path, "-o", "jsonl")
        _, expected = read(alone.stdout)
        got = results[at:at + len(expected)]
        at += len(expected)
        assert {result.pop("target") for result in got} == {path.stem}
        assert got == expected
        assert row["exit_status"] == alone.returncode
    assert at == len(results)


def test_formats_agree(fleet):
    _, results = read((fleet / "all.jsonl").read_bytes())
    rows = list(csv.DictReader(io.StringIO((fleet / "all.csv").read_text(encoding="utf-8"))))
    assert [(row["target"], row["rule"], row["status"]) for row in rows] == \
        [(result["target"], result["rule"], result["status"]) for result in results]
    text = (fleet / "all.txt").read_text(encoding="utf-8")
    assert text.startswith("Not ready: 4 of ")
    assert "demo-root-existing: optscale" in text


def test_a_line_that_cannot_be_run_is_a_result_and_stops_no_other(tmp_path):
    targets = [{"name": "gone", "snapshot": "missing.json"}, samples()[0], {"name": "no keys", "bucket": "b"},
               {"name": "typo", "snapshot": str(ACCOUNTS[0]), "scenario": "root-exist"}]
    done = run("check", "--targets", write(tmp_path / "t.jsonl", targets), "-o", "jsonl")
    head, results = read(done.stdout)
    assert done.returncode == 1 and len(head["targets"]) == 4
    broken = {result["target"]: result for result in results if result["rule"] == "target-reachable"}
    assert set(broken) == {"gone", "no keys", "typo"}
    assert "missing.json" in broken["gone"]["message"] and str(tmp_path) in broken["gone"]["message"]
    assert "root-existing" in broken["typo"]["message"] and broken["typo"]["status"] == "fail"
    assert len([result for result in results if result["target"] == ACCOUNTS[0].stem]) > 50


@pytest.mark.parametrize("line, message", [
    ("{", "t.jsonl:2: "), ("[]", "t.jsonl:2: a line is one target"), ('{"buckt": "b"}', "did you mean 'bucket'"),
    ('{"name": "a", "bucket": "b"}', "t.jsonl:2: line 1 has the same name"), ('{"profile": ""}', "'profile' has to be a text")])
def test_a_mistake_in_the_file_is_named_with_its_line(line, message, tmp_path):
    (tmp_path / "t.jsonl").write_text('{"name": "a", "bucket": "x"}\n' + line + "\n", encoding="utf-8")
    done = run("check", "--targets", tmp_path / "t.jsonl")
    assert (done.returncode, done.stdout) == (2, b"") and message in done.stderr.decode()


@pytest.mark.parametrize("option, message", [
    (["--rule", "export-healty"], "did you mean 'export-healthy'"), (["--skip", "nope"], "no rule is called 'nope'"),
    (["--set", "max_age_hour=3"], "did you mean 'max_age_hours'"), (["--set", "max_age_hours=x"], "--set"),
    (["--at", "monday"], "--at takes a time"), (["-o", "txt"], "did you mean 'text'"), (["--fail-on", "severe"], "--fail-on"),
    (["--scenario", "linked"], "--scenario")])
def test_a_typing_error_ends_the_run_at_once(option, message, tmp_path):
    done = run("check", "--targets", write(tmp_path / "t.jsonl", samples()[:2]), *option)
    assert (done.returncode, done.stdout) == (2, b"") and message in done.stderr.decode()


def test_a_target_that_cannot_be_checked_is_named_once(tmp_path):
    path = write(tmp_path / "t.jsonl", [{"name": "gone", "snapshot": "missing.json"}])
    for output, wanted in (("text", "Subject   gone\n"), ("markdown", "gone"), ("html", "gone"), ("csv", '"gone"')):
        text = run("check", "--targets", path, "-o", output).stdout.decode()
        assert wanted in text and "gone: gone" not in text


def test_options_that_every_line_would_overrule_are_refused(tmp_path):
    path = write(tmp_path / "t.jsonl", samples())
    for option in (["--bucket", "b"], ["--snapshot", "s"], ["--jobs", "1000"], ["--ledger", "l"], ["--shard", "3/3"], ["--shard", "x"]):
        done = run("check", "--targets", path, *option)
        assert done.returncode == 2 and option[0].encode() in done.stderr, option


@pytest.mark.parametrize("option", ["--jobs=3", "--shard=0/2", "--member-role=x"])
def test_an_option_for_many_targets_is_not_ignored_for_one(option):
    done = run("check", "--snapshot", ACCOUNTS[0], option)
    assert (done.returncode, done.stdout) == (2, b"") and option.split("=")[0].encode() in done.stderr


def test_shards_make_the_whole_and_engines_are_understood(fleet, tmp_path):
    path = write(tmp_path / "t.jsonl", samples())
    parts, seen = [], []
    surroundings = [{"SLURM_ARRAY_TASK_ID": str(4 + i), "SLURM_ARRAY_TASK_MIN": "4", "SLURM_ARRAY_TASK_COUNT": "3"}
                    for i in range(2)] + [{"JOB_COMPLETION_INDEX": "2", "JOB_COMPLETIONS": "3"}]
    for i, surrounding in enumerate(surroundings):
        parts.append(tmp_path / f"part-{i}.jsonl")
        by_option = run("check", "--targets", path, "--shard", f"{i}/3", "-o", "jsonl").stdout
        run("check", "--targets", path, "-o", f"jsonl={parts[i]}", env={**ENVIRONMENT, **surrounding})
        assert read(parts[i].read_bytes())[1] == read(by_option)[1]
        seen += [row["name"] for row in read(by_option)[0].get("targets", [])]
    assert sorted(seen) == sorted(path.stem for path in ACCOUNTS)
    merged = run("report", "merge", *parts, "-o", "jsonl")
    key = lambda result: (result["target"], result["id"])
    assert sorted(read(merged.stdout)[1], key=key) == sorted(read((fleet / "all.jsonl").read_bytes())[1], key=key)


def without_times(text):
    return re.sub(rb'\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?Z?|(?<= time=)"\d+"', b"TIME", text)


def start_shard(index, path, folder):
    """Part `index` of four, as a Kubernetes Indexed Job starts it: each in a folder of its own, by the same command line."""
    folder.mkdir(exist_ok=True)
    environment = {**ENVIRONMENT, "JOB_COMPLETION_INDEX": str(index), "JOB_COMPLETIONS": "4"}
    return subprocess.Popen([EXPORTCHECK, "check", "--targets", path, "-j", "2", "-o", "jsonl=results.jsonl"], cwd=folder,
                            env=environment, stderr=subprocess.DEVNULL)


def test_shards_that_are_killed_and_run_again_make_the_report_of_one_run(tmp_path):
    random = Random(10)
    targets = [{**target, "name": f"{target['name']} {turn}"} for turn in range(3) for target in samples()][:40]
    targets[7]["snapshot"] = "missing.json"
    path = write(tmp_path / "targets.jsonl", targets)
    folders = [tmp_path / f"part-{index}" for index in range(4)]
    killed = 0
    for index, folder in enumerate(folders):
        for _ in range(3):
            process = start_shard(index, path, folder)
            time.sleep(random.uniform(0.01, 0.15))
            process.kill()
            killed += process.wait() == -signal.SIGKILL
    assert killed
    for index, folder in enumerate(folders):
        assert start_shard(index, path, folder).wait(60) in (0, 1, 3)
        (folder / "results.jsonl.1.tmp").write_text('{"format": "exportcheck-res', encoding="utf-8")  # as a killed shard leaves it
    whole = tmp_path / "whole"
    whole.mkdir()
    run("check", "--targets", path, "-j", "2", "-o", "jsonl=results.jsonl", cwd=whole)
    parts = [folder / "results.jsonl" for folder in folders]
    expected = whole / "results.jsonl"
    merged = run("report", "merge", *random.sample(parts, 4), "-o", "jsonl")
    assert (merged.returncode, merged.stderr) == (0, b"")
    assert without_times(merged.stdout) == without_times(expected.read_bytes())
    for output in ("text", "junit", "csv"):
        again = run("report", "render", expected, "-o", output).stdout
        assert len(again) > 1000
        assert without_times(run("report", "merge", *parts, "-o", output).stdout) == without_times(again)


def test_a_part_that_was_cut_off_is_not_merged(tmp_path):
    path = write(tmp_path / "t.jsonl", samples()[:4])
    parts = [tmp_path / f"{index}.jsonl" for index in range(2)]
    for index, part in enumerate(parts):
        part.write_bytes(run("check", "--targets", path, "--shard", f"{index}/2", "-o", "jsonl").stdout)
    text = parts[1].read_bytes()
    for cut in (len(text) // 2, text.rindex(b"\n", 0, -1) + 1):
        parts[1].write_bytes(text[:cut])
        done = run("report", "merge", *parts, "-o", f"jsonl={tmp_path / 'merged.jsonl'}")
        assert (done.returncode, done.stdout) == (2, b"") and b"1.jsonl" in done.stderr
        assert not (tmp_path / "merged.jsonl").exists()


def test_a_worker_that_is_killed_costs_its_target_alone(tmp_path):
    slow = tmp_path / "slow.sh"
    slow.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    slow.chmod(0o755)
    config = tmp_path / "config"
    config.write_text(f"[profile slow]\ncredential_process = {slow}\nregion = us-east-1\n", encoding="utf-8")
    path = write(tmp_path / "t.jsonl", [{"name": "hangs", "profile": "slow", "bucket": "b"}, *samples()[:4]])
    process = subprocess.Popen([EXPORTCHECK, "check", "--targets", path, "-o", "jsonl", "-j", "2"], stdout=subprocess.PIPE,
                               env={**ENVIRONMENT, "AWS_CONFIG_FILE": str(config)})
    for _ in range(200):
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8").split()
        hanging = [child for child in children if pathlib.Path(f"/proc/{child}/task/{child}/children").read_text().strip()]
        if len(children) == 1 and hanging:
            break
        time.sleep(0.05)
    os.kill(int(hanging[0]), signal.SIGKILL)
    out, _ = process.communicate(timeout=60)
    _, results = read(out)
    (lost,) = [result for result in results if result["target"] == "hangs"]
    assert (lost["rule"], lost["status"]) == ("target-reachable", "unknown") and "Killed" in lost["message"]
    assert len({result["target"] for result in results}) == 5


# --- an organization, live, through assumed roles ---

MEMBERS = [f"2000000000{number:02}" for number in range(6)]


@pytest.fixture(scope="module", name="organization")
def serve_organization(tmp_path_factory):
    """A payer and five of six members, of whom one is suspended; the sixth's role refuses: its account is not served."""
    folder = tmp_path_factory.mktemp("organization")
    payer = json.loads((ACCOUNTS[0].parent / "root-existing-cur2.json").read_text(encoding="utf-8"))
    member = (ACCOUNTS[0].parent / "linked.json").read_text(encoding="utf-8")
    for call in payer["calls"]:
        if call["operation"] == "ListAccounts":
            (own,) = [account for account in call["answer"]["Accounts"] if account["Id"] == "123456789012"]
            call["answer"]["Accounts"] = [own] + [
                {**own, "Id": account, "Name": f"member-{i}", "Arn": own["Arn"].replace("123456789012", account),
                 **{key: "SUSPENDED" if i == 4 else "ACTIVE" for key in ("State", "Status") if key in own}}
                for i, account in enumerate(MEMBERS)]
    (folder / "payer.json").write_text(json.dumps(payer), encoding="utf-8")
    options = ["--latency", "20", "--verbose"]
    for account in MEMBERS[:5]:
        (folder / f"{account}.json").write_text(member.replace("210987654321", account), encoding="utf-8")
        options += ["--access-key", str(folder / f"{account}.json")]
    with open(folder / "requests", "w", encoding="utf-8") as log:
        server = subprocess.Popen([EXPORTCHECK, "serve", folder / "payer.json", *options], stdout=subprocess.PIPE, stderr=log, text=True)
    url = server.stdout.readline().strip()
    target = folder / "target.json"
    target.write_text(json.dumps(payer["target"]), encoding="utf-8")
    yield folder, {**ENVIRONMENT, "AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "AKIAPAYER", "AWS_SECRET_ACCESS_KEY": "x", "AWS_REGION": "us-east-1"}
    server.terminate()
    server.wait()


def test_an_organization_is_its_payer_and_every_active_member(organization):
    folder, environment = organization
    done = run("check", "--organization", "--target", folder / "target.json", "--principal", "optscale", "-o", "jsonl", env=environment)
    asked = (folder / "requests").read_text(encoding="utf-8")
    for call in ("organizations:DescribeOrganization", "organizations:ListAccounts"):
        assert asked.count(f"200 {call}") == 1, call  # what the list of targets was made from is not asked for again
    head, results = read(done.stdout)
    names = [row["name"] for row in head["targets"]]
    assert names == ["payer 123456789012"] + [f"member-{i} {MEMBERS[i]}" for i in (0, 1, 2, 3, 5)]
    refused = [result for result in results if result["rule"] == "target-reachable"]
    assert [result["target"] for result in refused] == [f"member-5 {MEMBERS[5]}"]
    assert "sts:AssumeRole" in refused[0]["message"] and "AccessDenied" in refused[0]["message"]
    assert refused[0]["fix"]["cli"] == (
        "aws iam create-role --role-name OrganizationAccountAccessRole --assume-role-policy-document "
        "'{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":"
        "\"arn:aws:iam::123456789012:root\"},\"Action\":\"sts:AssumeRole\"}]}'")
    assert "update-assume-role-policy" in refused[0]["fix"]["note"] and "--scenario linked" in refused[0]["fix"]["note"]
    runs = [["--target", folder / "target.json"]] + [
        ["--scenario", "linked", "--account-id", account, "--assume-role", f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"]
        for account in MEMBERS[:4]]
    for name, options in zip(names, runs):
        alone = run("check", *options, "--principal", "optscale", "-o", "jsonl", env=environment)
        expected = {(result["rule"], result["subject"]): result["status"] for result in read(alone.stdout)[1]}
        got = {(result["rule"], result["subject"]): result["status"] for result in results if result["target"] == name}
        assert got == expected and len(got) > 10


def test_credentials_of_a_member_are_told_so(organization):
    folder, environment = organization
    server = subprocess.Popen([EXPORTCHECK, "serve", ACCOUNTS[0].parent / "linked.json"], stdout=subprocess.PIPE, text=True)
    try:
        done = run("check", "--organization", env={**environment, "AWS_ENDPOINT_URL": server.stdout.readline().strip()})
    finally:
        server.terminate()
        server.wait()
    assert (done.returncode, done.stdout) == (2, b"") and b"--organization" in done.stderr
