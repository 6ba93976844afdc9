"""What `check --fix` writes, for every failing rule case: put in place of what is there by other means than the program's
own, it makes the rules hold that it names, and changes no other; patches, the way back, Terraform and CloudFormation."""
import copy
import json
import os
import pathlib
import re
import shlex
import stat
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXPORTCHECK = os.environ.get("EXPORTCHECK", str(ROOT / "build/dev/exportcheck"))
FAULTY = ROOT / "tests/accounts/demo-root-existing.json"

# The command of each kind: the call that reads the document, the option behind each parameter, its place in the answer.
PUT = {
    "s3api put-bucket-policy": ("s3:GetBucketPolicy", {"Bucket": "bucket"}, "/Policy", "policy"),
    "s3api put-public-access-block": ("s3:GetPublicAccessBlock", {"Bucket": "bucket"}, "/PublicAccessBlockConfiguration",
                                      "public-access-block-configuration"),
    "s3api put-bucket-ownership-controls": ("s3:GetBucketOwnershipControls", {"Bucket": "bucket"}, "/OwnershipControls",
                                            "ownership-controls"),
    "s3api put-bucket-encryption": ("s3:GetBucketEncryption", {"Bucket": "bucket"}, "/ServerSideEncryptionConfiguration",
                                    "server-side-encryption-configuration"),
    "s3api put-bucket-request-payment": ("s3:GetBucketRequestPayment", {"Bucket": "bucket"}, "",
                                         "request-payment-configuration"),
    "s3api put-bucket-lifecycle-configuration": ("s3:GetBucketLifecycleConfiguration", {"Bucket": "bucket"}, "",
                                                 "lifecycle-configuration"),
    "iam put-user-policy": ("iam:GetUserPolicy", {"UserName": "user-name", "PolicyName": "policy-name"}, "/PolicyDocument",
                            "policy-document"),
    "iam put-role-policy": ("iam:GetRolePolicy", {"RoleName": "role-name", "PolicyName": "policy-name"}, "/PolicyDocument",
                            "policy-document"),
    "iam put-group-policy": ("iam:GetGroupPolicy", {"GroupName": "group-name", "PolicyName": "policy-name"},
                             "/PolicyDocument", "policy-document"),
    "iam create-policy-version": ("iam:GetPolicyVersion", {"PolicyArn": "policy-arn"}, "/PolicyVersion/Document",
                                  "policy-document"),
    "iam update-assume-role-policy": ("iam:GetRole", {"RoleName": "role-name"}, "/Role/AssumeRolePolicyDocument",
                                      "policy-document"),
    "iam update-role": ("iam:GetRole", {"RoleName": "role-name"}, "/Role/MaxSessionDuration", None),
    "kms put-key-policy": ("kms:GetKeyPolicy", {"KeyId": "key-id"}, "/Policy", "policy"),
    "bcm-data-exports update-export": ("bcm-data-exports:GetExport", {"ExportArn": "export-arn"}, "/Export", "export"),
    "cur modify-report-definition": ("cur:DescribeReportDefinitions", {}, "/ReportDefinitions", "report-definition"),
}
DELETE = {
    "s3api delete-bucket-policy": ("s3api put-bucket-policy", "NoSuchBucketPolicy"),
    "iam delete-user-policy": ("iam put-user-policy", "NoSuchEntity"),
    "iam delete-role-policy": ("iam put-role-policy", "NoSuchEntity"),
    "iam delete-group-policy": ("iam put-group-policy", "NoSuchEntity"),
}
NAMES = {"iam:GetUserPolicy": ("iam:ListUserPolicies", "UserName"), "iam:GetRolePolicy": ("iam:ListRolePolicies", "RoleName"),
         "iam:GetGroupPolicy": ("iam:ListGroupPolicies", "GroupName")}


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def command_line(text):
    """("iam put-user-policy", {"user-name": "optscale", …})."""
    words = shlex.split(text)
    assert words[0] == "aws" and len(text.splitlines()) == 1, text
    options = {}
    for index, word in enumerate(words[3:], 3):
        if word.startswith("--"):
            following = words[index + 1] if index + 1 < len(words) else ""
            options[word[2:]] = "" if following.startswith("--") else following
    return " ".join(words[1:3]), options


# --- an account in the state of a case, without the program ---


def steps_of(path):
    return [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]


def patched(document, operations):
    document = {"": copy.deepcopy(document)}
    for operation in operations:
        steps = [""] + steps_of(operation["path"])
        holder = document
        for step in steps[:-1]:
            holder = holder[int(step)] if isinstance(holder, list) else holder[step]
        last = steps[-1]
        if isinstance(holder, list):
            at = len(holder) if last == "-" else int(last)
            if operation["op"] == "add":
                holder.insert(at, copy.deepcopy(operation["value"]))
            elif operation["op"] == "remove":
                del holder[at]
            else:
                holder[at] = copy.deepcopy(operation["value"])
        elif operation["op"] == "remove":
            del holder[last]
        else:
            holder[last] = copy.deepcopy(operation["value"])
    return document[""]


def merged(document, patch):
    if not isinstance(patch, dict):
        return patch
    document = dict(document) if isinstance(document, dict) else {}
    for name, value in patch.items():
        if value is None:
            document.pop(name, None)
        else:
            document[name] = merged(document.get(name), value)
    return document


def changed(call, change):
    call = copy.deepcopy(call)
    if "error" in change:
        call.pop("answer", None)
        return call | {"error": change["error"]}
    if "answer" in change:
        call.pop("error", None)
        return call | {"answer": change["answer"]}
    change_answer = merged if "merge" in change else patched
    call["answer"] = change_answer(call["answer"], change.get("merge", change.get("patch")))
    return call


def calls_in(account, changes):
    """The calls of the account, as the case has them."""
    calls = account["calls"]
    for change in changes:
        service, operation = change["call"].split(":")
        here = [(call["service"], call["operation"]) == (service, operation) and
                merged(call["parameters"], change.get("with", {})) == call["parameters"] for call in calls]
        new = {"service": service, "operation": operation, "parameters": change.get("with", {}), "region": "us-east-1"}
        calls = [changed(call, change) if hit and "drop" not in change else call
                 for call, hit in zip(calls, here) if not (hit and "drop" in change)]
        if not any(here):
            calls = calls + [changed(new, change)]
    return calls


def answer_of(calls, name, parameters):
    service, operation = name.split(":")
    for call in calls:
        if (call["service"], call["operation"]) == (service, operation) and \
                merged(call["parameters"], parameters) == call["parameters"]:
            return call.get("answer")
    return None


# --- what was written ---


class Correction:
    def __init__(self, folder, calls):
        self.folder, self.calls = folder, calls
        self.command, self.options = command_line((folder / "apply.sh").read_text(encoding="utf-8"))
        self.gone = self.command in DELETE
        self.put, self.error = DELETE[self.command] if self.gone else (self.command, None)
        self.call, parameters, self.place, self.option = PUT[self.put]
        self.parameters = {name: self.options[option] for name, option in parameters.items()}
        self.before = read(folder / "before.json") if (folder / "before.json").exists() else None
        self.after = None if self.gone else read(folder / "corrected.json")

    def old(self):
        """The document as the account has it."""
        answer = answer_of(self.calls, self.call, self.parameters)
        if self.call == "cur:DescribeReportDefinitions":
            report = answer["ReportDefinitions"][self.report_index(answer)]
            return {name: value for name, value in report.items() if name != "ReportStatus"}
        for step in steps_of(self.place):
            answer = None if answer is None else answer.get(step)
        return {"MaxSessionDuration": answer} if self.command == "iam update-role" else answer

    def report_index(self, answer):
        return [report["ReportName"] for report in answer["ReportDefinitions"]].index(self.options["report-name"])

    def names_change(self, lists):
        """A new inline policy stands in the list of names; one that is gone does not. `lists`: as they are by now."""
        name, owner = NAMES[self.call]
        owned = {owner: self.parameters[owner]}
        names = lists.setdefault(owned[owner], answer_of(self.calls, name, owned)["PolicyNames"])
        names = [one for one in names if one != self.parameters["PolicyName"]]
        lists[owned[owner]] = names if self.gone else names + [self.parameters["PolicyName"]]
        return {"call": name, "with": owned, "answer": {"PolicyNames": lists[owned[owner]]}}

    def changes(self, lists):
        """The changes of a case that put the document in place."""
        change = {"call": self.call, "with": self.parameters}
        inline = self.call in NAMES
        if self.gone:
            return [change | {"error": {"code": self.error, "http_status": 404}}] + ([self.names_change(lists)] if inline else [])
        answer = answer_of(self.calls, self.call, self.parameters)
        if answer is None or self.before is None:
            body = self.after
            for step in reversed(steps_of(self.place)):
                body = {step: body}
            new = self.parameters if inline else {}
            return [change | {"answer": new | body}] + ([self.names_change(lists)] if inline else [])
        place, value = self.place, self.after
        if self.call == "cur:DescribeReportDefinitions":
            place += f"/{self.report_index(answer)}"
        if self.command == "iam update-role":
            value = int(self.options["max-session-duration"])
        operation = {"op": "replace" if place else "add", "path": place, "value": value}
        return [change | ({"patch": [operation]} if place else {"answer": value})]


def is_failing(status):
    return status == "fail" or (isinstance(status, dict) and "fail" in status.values())


def mended_rules(readme):
    parts = re.findall(r"^What it does.*?\n\n(.*?)\n\n", readme, re.M | re.S)
    return set(re.findall(r"\(`([a-z0-9-]+)`", "\n".join(parts)))


class Written:
    """The corrections of all cases, written in one run."""

    def __init__(self, folder):
        self.folder = folder
        run = subprocess.run([EXPORTCHECK, "rules", "test", "--fix", str(folder)], cwd=ROOT, capture_output=True, text=True,
                             check=True)
        self.lines = run.stdout.splitlines()
        self.files, self.cases, number = {}, [], 0
        for path in sorted((ROOT / "tests/rules").glob("*.json")):
            document = self.files[path] = read(path)
            account = read(path.parent / document["account"])
            for case in document["cases"]:
                number += 1
                within = folder / f"case-{number}"
                if not within.is_dir():
                    continue
                calls = calls_in(account, case.get("changes", []))
                corrections = [Correction(one, calls) for one in sorted(within.iterdir()) if one.is_dir()]
                self.cases.append((path, case, within, corrections))

    def corrections(self):
        return [(case["name"], one) for _, case, _, corrections in self.cases for one in corrections]


@pytest.fixture(scope="module", name="written")
def fixture_written(tmp_path_factory):
    return Written(tmp_path_factory.mktemp("fixes") / "all")


def test_nearly_every_document_at_fault_is_corrected_and_the_rest_is_told_why_not(written):
    corrected, refused, _ = map(int, re.match(r"(\d+) failures corrected, (\d+) not, (\d+) that no document",
                                              written.lines[-1]).groups())
    reasons = [line for line in written.lines if ": not corrected: " in line]
    assert len(reasons) == refused and corrected >= 260 and corrected > 12 * refused, written.lines[-1]
    known = ("stays as it is: ", "by a pattern", "refused it when it was tried", "when it was tried", "permissions boundary",
             "cannot be decided: ", "could not be read", "simulator refuses")
    assert not [line for line in reasons if not any(words in line for words in known)]


def test_each_correction_put_in_place_makes_its_rules_hold_and_changes_no_other(written, tmp_path):
    failing = 0
    for path in written.files:
        document = dict(written.files[path])
        document["account"] = str(path.parent / document["account"])
        document["cases"] = []
        for origin, case, within, corrections in written.cases:
            if origin != path:
                continue
            mended = mended_rules((within / "README.md").read_text(encoding="utf-8"))
            assert mended, within
            failing += len([rule for rule in mended if is_failing(case["expect"].get(rule))])
            touched, lists = set(case["expect"]) | set(case.get("also", [])), {}
            changes = case.get("changes", []) + [change for one in corrections for change in one.changes(lists)]
            document["cases"].append(case | {"changes": changes, "expect": {rule: "pass" for rule in sorted(mended)},
                                             "also": sorted(touched - mended)})
        (tmp_path / path.name).write_text(json.dumps(document, indent=1), encoding="utf-8")
    run = subprocess.run([EXPORTCHECK, "rules", "test", "--cases", str(tmp_path)], capture_output=True, text=True,
                         check=False)
    # Where the bucket's encryption is another one, the rule on its key no longer applies.
    *findings, summary = [line for line in run.stdout.splitlines() if "expected pass, found skip" not in line]
    assert not findings and " cases in " in summary, run.stdout[-6000:] + run.stderr
    assert failing >= 200


def test_each_patch_makes_the_corrected_document_of_the_old_one_and_the_way_back_is_the_old_one(written):
    for name, one in written.corrections():
        assert one.before == one.old(), name
        assert patched(one.before, read(one.folder / "patch.json")) == one.after, name
        undo, options = command_line((one.folder / "undo.sh").read_text(encoding="utf-8"))
        if one.before is None:
            assert undo in DELETE or undo.startswith("s3api delete-"), (name, undo)
        elif undo == "iam set-default-policy-version":
            assert options["version-id"], name
        elif undo == "iam update-role":
            assert int(options["max-session-duration"]) == one.before["MaxSessionDuration"], name
        else:
            assert undo == one.put and options[PUT[undo][3]] == "file://before.json", (name, undo)


def test_what_was_there_stays_in_its_order(written):
    """Every statement that is not the one at fault is there word for word, in the order that it had."""
    for name, one in written.corrections():
        if not one.before or not one.after or "Statement" not in one.before:
            continue
        old, new = ([json.dumps(each) for each in doc["Statement"]] if isinstance(doc["Statement"], list)
                    else [json.dumps(doc["Statement"])] for doc in (one.before, one.after))
        kept = [each for each in old if each in new]
        assert [each for each in new if each in old] == kept, name
        assert len(old) - len(kept) <= 2, name
        assert list(one.after)[:len(one.before)] == list(one.before), name


def test_terraform_fragments_parse(written):
    hcl2 = pytest.importorskip("hcl2")
    fragments = {(one.folder / "terraform.tf").read_text(encoding="utf-8") for _, one in written.corrections()}
    for text in fragments:
        parsed = hcl2.loads(text)
        assert parsed.get("resource") or parsed.get("removed"), text
    assert len(fragments) > 100


def test_cloudformation_templates_pass_cfn_lint(written, tmp_path):
    api = pytest.importorskip("cfnlint.api")
    resources = {}
    for _, one in written.corrections():
        path = one.folder / "cloudformation.json"
        assert path.exists() or one.gone or one.put in ("s3api put-bucket-request-payment", "iam update-role"), path
        if path.exists():
            template = read(path)
            (resource,) = template["Resources"].values()
            resources[json.dumps(resource)] = resource
    assert len(resources) > 100
    whole = tmp_path / "all.json"
    whole.write_text(json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {
        f"R{index}": resource for index, resource in enumerate(resources.values())}}), encoding="utf-8")
    matches = [match for match in api.lint_file(whole) if match.rule.id != "E3019"]  # one bucket, in many templates
    assert not matches, "\n".join(f"{match.rule.id} {match.message}" for match in matches)


# --- the command ---


def check(*arguments, cwd=None):
    return subprocess.run([EXPORTCHECK, "check", "--snapshot", str(FAULTY), *arguments], capture_output=True, text=True,
                          cwd=cwd, check=False)


def test_the_folder_is_made_for_its_owner_alone_and_written_again(tmp_path):
    folder = tmp_path / "corrections"
    first = check("--fix", str(folder), "-o", "json=/dev/null")
    assert first.returncode == 1 and "3 corrections proven" in first.stderr, first.stderr
    written = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}
    assert all(stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600) for path in
               [folder, *folder.rglob("*")])
    (folder / "09-bucket-policy").mkdir()
    (folder / "09-bucket-policy" / "apply.sh").write_text("of an earlier run", encoding="utf-8")
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    assert check("--fix", str(folder) + "/", "-o", "json=/dev/null").returncode == 1
    again = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}
    assert again == written | {folder / "notes.txt": "mine"}


def test_what_is_not_ours_is_refused_before_anything_is_read(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "README.md").write_text("# somebody's\n", encoding="utf-8")
    refused = check("--fix", str(other))
    assert refused.returncode == 2 and "is not empty, and was not written by --fix" in refused.stderr and not refused.stdout
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()
    assert check("--fix", str(tmp_path / "link")).returncode == 2
    assert check("--fix", str(tmp_path / "no" / "parent")).returncode == 2
    assert not list((tmp_path / "elsewhere").iterdir()) and [path.name for path in other.iterdir()] == ["README.md"]


def test_a_live_account_is_corrected_as_its_snapshot_is(tmp_path):
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true",
                   "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "fixes-test-secret"}
    (tmp_path / "target.json").write_text(json.dumps(read(FAULTY)["target"]), encoding="utf-8")
    with subprocess.Popen([EXPORTCHECK, "serve", str(FAULTY)], stdout=subprocess.PIPE, text=True) as server:
        try:
            url = server.stdout.readline().strip()
            live = subprocess.run([EXPORTCHECK, "check", "--target", str(tmp_path / "target.json"), "--fix",
                                   str(tmp_path / "live"), "-o", "json=/dev/null"], capture_output=True, text=True,
                                  check=False, env=environment | {"AWS_ENDPOINT_URL": url})
        finally:
            server.terminate()
    assert live.returncode == 1 and "3 corrections proven" in live.stderr, live.stderr
    check("--fix", str(tmp_path / "kept"), "-o", "json=/dev/null")
    written = [{path.relative_to(tmp_path / name): path.read_text(encoding="utf-8")
                for path in (tmp_path / name).rglob("*.*") if path.name != "README.md"} for name in ("live", "kept")]
    assert written[0] == written[1] and written[0]
    assert not any("fixes-test-secret" in path.read_text(encoding="utf-8") for path in (tmp_path / "live").rglob("*.*"))


def test_it_goes_with_one_target(tmp_path):
    (tmp_path / "targets.jsonl").write_text("{}\n", encoding="utf-8")
    run = subprocess.run([EXPORTCHECK, "check", "--targets", str(tmp_path / "targets.jsonl"), "--fix", str(tmp_path / "f")],
                         capture_output=True, text=True, check=False)
    assert run.returncode == 2 and "--fix goes with one target" in run.stderr


def test_the_page_says_what_to_look_at_and_what_is_done_by_hand(tmp_path):
    check("--fix", str(tmp_path / "f"), "-o", "json=/dev/null")
    page = (tmp_path / "f" / "README.md").read_text(encoding="utf-8")
    assert page.startswith("<!-- written by exportcheck check --fix -->")
    for words in ("Nothing was applied", "## In this order", "Look at this before you apply it", "Take it back",
                  "## To be done by hand", "`bucket-policy-only-this-account`"):
        assert words in page
