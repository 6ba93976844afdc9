"""`exportcheck policy print` and `policy lint`: templates filled in and merged, and what is wrong with a policy."""

import json
import os
import subprocess

PROGRAM = os.environ["EXPORTCHECK"]
ACCOUNT = "123456789012"
TEMPLATES = ["aws-data-exports", "aws-data-exports-and-check-policy", "aws-legacy-cur", "bucket-delivery",
             "create-export", "detect-exports", "discover-resources", "read-bucket", "role-permissions", "role-trust"]
READER = {"Sid": "Reader", "Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "s3:GetObject",
          "Resource": "arn:aws:s3:::acme/*"}
DENY = {"Sid": "Members", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::acme/*",
        "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}}


def run(*arguments, text=None):
    return subprocess.run([PROGRAM, "policy", *arguments], input=text, capture_output=True, text=True, check=False,
                          timeout=60)


def policy_file(folder, *statements, **more):
    path = folder / "policy.json"
    path.write_text(json.dumps({"Version": "2012-10-17", **more, "Statement": list(statements)}, indent=1))
    return path


def test_lists_the_templates():
    done = run("print")
    assert done.returncode == 0
    assert sorted(line.split()[0] for line in done.stdout.splitlines()) == TEMPLATES


def test_every_template_is_filled_in_and_lints_clean(tmp_path):
    for name in TEMPLATES:
        done = run("print", name, "--bucket", "acme", "--account-id", ACCOUNT, "--optscale-principal", "arn:aws:iam::345678901234:root")
        assert done.returncode == 0 and done.stderr == "", name
        assert "{bucket}" not in done.stdout and "{account_id}" not in done.stdout
        path = tmp_path / f"{name}.json"
        path.write_text(done.stdout)
        lint = run("lint", str(path))
        assert (lint.returncode, lint.stdout) == (0, ""), name


def test_a_roles_permissions_are_those_of_a_user():
    def statements(name):
        return json.loads(run("print", name, "--bucket", "acme").stdout)["Statement"]
    assert statements("role-permissions") == statements("read-bucket") + statements("discover-resources")


def test_a_prefix_narrows_what_may_be_read():
    done = run("print", "read-bucket", "--bucket", "acme", "--prefix", "cur2/")
    resources = {statement["Sid"]: statement["Resource"] for statement in json.loads(done.stdout)["Statement"]}
    assert resources["GetObject"] == "arn:aws:s3:::acme/cur2/*"
    assert resources["BucketOperations"] == "arn:aws:s3:::acme"


def test_what_cannot_be_filled_in_is_a_mistake_of_the_command_line():
    for arguments in (["print", "read-buket"], ["print", "read-bucket"], ["print", "read-bucket", "--bucket", "a*"],
                      ["print", "bucket-delivery", "--bucket", "acme", "--account-id", "12"],
                      ["print", "role-trust"], ["print", "role-trust", "--optscale-principal", "*"],
                      ["print", "bucket-delivery", "--bucket", "acme", "--account-id", ACCOUNT, "--prefix", "p"],
                      ["print", "read-bucket", "--bucket", "acme", "--merge", "/does/not/exist"]):
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert done.stderr.startswith("exportcheck: policy print: "), done.stderr


def test_merging_keeps_every_other_statement(tmp_path):
    path = policy_file(tmp_path, READER, Id="mine")
    done = run("print", "bucket-delivery", "--bucket", "acme", "--account-id", ACCOUNT, "--merge", str(path))
    merged = json.loads(done.stdout)
    assert done.returncode == 0 and "warning" not in done.stderr
    assert merged["Id"] == "mine" and merged["Statement"][0] == READER and len(merged["Statement"]) == 2
    again = run("print", "bucket-delivery", "--bucket", "acme", "--account-id", ACCOUNT, "--merge", "-",
                text=done.stdout)
    assert again.stdout == done.stdout and "already" in again.stderr


def test_the_answer_of_get_bucket_policy_can_be_merged(tmp_path):
    path = tmp_path / "answer.json"
    path.write_text(json.dumps({"Policy": json.dumps({"Statement": [READER]})}))
    done = run("print", "bucket-delivery", "--bucket", "acme", "--account-id", ACCOUNT, "--merge", str(path))
    assert json.loads(done.stdout)["Statement"][0] == READER


def test_a_deny_that_remains_is_named(tmp_path):
    path = policy_file(tmp_path, DENY)
    done = run("print", "bucket-delivery", "--bucket", "acme", "--account-id", ACCOUNT, "--merge", str(path))
    assert json.loads(done.stdout)["Statement"][0] == DENY
    assert "warning: the result still does not grant bucket-delivery" in done.stderr
    assert "/Statement/0 (Members)" in done.stderr


def test_lint_names_file_line_and_column(tmp_path):
    path = tmp_path / "policy.json"
    path.write_text('{"Version": "2012-10-17",\n "Statement": [{"Effect": "Allow", "Resource": "*",\n  "Action": "s3:GetObjekt"}]}')
    done = run("lint", str(path))
    assert done.returncode == 1
    assert done.stdout.startswith(f"{path}:3:13: warning: 's3:GetObjekt' matches no action of the service; instead: s3:GetObject")
    assert run("lint", str(path), "--type", "nonsense").returncode == 2
    path.write_text("{")
    assert run("lint", str(path)).returncode == 2
