"""`exportcheck policy simulate`: lines in, lines out."""

import json
import os
import pathlib
import subprocess

PROGRAM = os.environ["EXPORTCHECK"]
CASES = pathlib.Path(__file__).parent.parent / "policy"
GRANT = {"Version": "2012-10-17", "Statement": {"Sid": "All", "Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
REQUEST = {"principal": "arn:aws:iam::111122223333:user/u", "action": "s3:GetObject", "resource": "arn:aws:s3:::b/k"}


def simulate(text, *arguments):
    done = subprocess.run([PROGRAM, "policy", "simulate", *arguments], input=text, capture_output=True, text=True, check=False, timeout=60)
    return done, [json.loads(line) for line in done.stdout.split("\n") if line]


def line(**more):
    return json.dumps({"id": "x", "request": REQUEST, "identity_policies": [{"name": "p", "policy": GRANT}], **more}) + "\n"


def test_every_documented_decision_in_one_run():
    cases = [json.loads(text) for path in sorted(CASES.glob("*.jsonl")) for text in path.read_text().splitlines()]
    done, lines = simulate("".join(json.dumps(case["simulation"]) + "\n" for case in cases))
    assert done.returncode == 0
    assert all("--derive-context takes it from the request" in text for text in done.stderr.splitlines())
    assert [(entry["id"], entry["decision"]) for entry in lines] == [(case["id"], case["expect"]) for case in cases]
    assert all(set(entry) == {"id", "decision", "because"} for entry in lines)


def test_because_names_the_statements():
    _, lines = simulate(line())
    assert lines == [{"id": "x", "decision": "Allowed", "because": [
        {"policy": "p", "type": "identity", "sid": "All", "pointer": "/Statement", "effect": "Allow"}]}]


def test_because_says_which_policies_lack_an_allow():
    _, lines = simulate(line(service_control_policies=[[{"name": "s", "policy": GRANT}], []]))
    assert lines[0]["because"] == [{"type": "service_control_policy", "level": 1, "lacks": "Allow"}]


def test_a_bad_line_gives_an_error_and_the_rest_goes_on():
    text = line() + '{"id": "cut"\n' + json.dumps({"id": 7, "request": {"action": "s3:GetObject"}}) + "\n" + line(id="last")
    done, lines = simulate(text)
    assert done.returncode == 2
    assert [entry.get("decision") for entry in lines] == ["Allowed", None, None, "Allowed"]
    assert lines[1]["line"] == 2 and lines[1]["id"] is None and "expected" in lines[1]["error"]
    assert lines[2] == {"id": 7, "line": 3, "error": "request: the request has no principal"}


def test_a_policy_that_could_not_exist_is_an_error():
    broken = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringIs": {"a": "b"}}}]}
    done, lines = simulate(line(resource_policy=broken))
    assert done.returncode == 2
    assert lines[0]["error"].startswith("resource_policy: /Statement/0/Condition/StringIs: there is no operator StringIs")


def test_answers_come_line_by_line():
    with subprocess.Popen([PROGRAM, "policy", "simulate"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as program:
        for i in range(3):
            program.stdin.write(line(id=i))
            program.stdin.flush()
            assert json.loads(program.stdout.readline())["id"] == i
        program.stdin.close()
        assert program.wait() == 0


def test_reads_a_file(tmp_path):
    path = tmp_path / "requests.jsonl"
    path.write_text(line() + "\n" + line(id="y"))
    done, lines = simulate("", str(path))
    assert done.returncode == 0 and [entry["id"] for entry in lines] == ["x", "y"]
    done, _ = simulate("", str(tmp_path / "missing"))
    assert done.returncode == 2 and "missing" in done.stderr


def test_explain_adds_one_key():
    narrow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b"}]}
    done, lines = simulate(line(identity_policies=[{"name": "p", "policy": narrow}]), "--explain")
    assert done.returncode == 0 and set(lines[0]) == {"id", "decision", "because", "explanation"}
    explanation = lines[0]["explanation"]
    assert explanation["not_applied"][0]["why"][0]["pointer"] == "/Statement/0/Resource"
    assert explanation["changes"][0]["text"] == "would be allowed if `arn:aws:s3:::b` were `arn:aws:s3:::b/*` at /Statement/0/Resource"


def test_an_unknown_subcommand_is_answered():
    done = subprocess.run([PROGRAM, "policy", "simulat"], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2 and "did you mean 'simulate'?" in done.stderr


def conditioned(resource="arn:aws:s3:::b/*", effect="Allow", **condition):
    statement = {"Effect": effect, "Action": "s3:*", "Resource": resource, "Condition": condition}
    return [{"name": "p", "policy": {"Version": "2012-10-17", "Statement": statement}}]


SESSION = {**REQUEST, "principal": "arn:aws:sts::111122223333:assumed-role/r/s"}
DERIVABLE = [
    ("aws:PrincipalArn", "arn:aws:iam::111122223333:user/u", REQUEST),
    ("aws:PrincipalArn", "arn:aws:iam::111122223333:role/r", SESSION),
    ("aws:PrincipalAccount", "111122223333", REQUEST),
    ("aws:PrincipalType", "User", REQUEST),
    ("aws:PrincipalType", "AssumedRole", SESSION),
    ("aws:username", "u", REQUEST),
    ("aws:PrincipalIsAWSService", "false", REQUEST),
    ("aws:ResourceAccount", "111122223333", REQUEST),
]


def test_keys_that_follow_from_the_request_are_derived_when_asked_for():
    for key, value, request in DERIVABLE:
        text = line(request=request, identity_policies=conditioned(StringEquals={key: value}))
        plain, denied = simulate(text)
        done, allowed = simulate(text, "--derive-context")
        assert (denied[0]["decision"], allowed[0]["decision"]) == ("ImplicitlyDenied", "Allowed"), key
        assert f"line 1: /Statement of p decides on {key}" in plain.stderr and done.stderr == ""


def test_a_key_that_is_given_is_not_derived():
    request = {**REQUEST, "context": {"AWS:UserName": "other"}}
    text = line(request=request, identity_policies=conditioned(StringEquals={"aws:username": "other"}))
    done, lines = simulate(text, "--derive-context")
    assert lines[0]["decision"] == "Allowed" and done.stderr == ""


def test_a_variable_that_follows_is_warned_of_and_derived():
    text = line(identity_policies=conditioned(resource="arn:aws:s3:::b/${aws:username}*"), request={**REQUEST, "resource": "arn:aws:s3:::b/u1"})
    plain, denied = simulate(text)
    _, allowed = simulate(text, "--derive-context")
    assert (denied[0]["decision"], allowed[0]["decision"]) == ("ImplicitlyDenied", "Allowed")
    assert "decides on aws:username" in plain.stderr


def test_nothing_is_said_where_such_a_key_decides_nothing():
    deny = conditioned(effect="Deny", StringEquals={"aws:username": "another"})
    for text in (line(), line(identity_policies=[{"name": "p", "policy": GRANT}, *deny])):
        done, _ = simulate(text)
        assert done.stderr == ""


def test_a_deny_is_explained_as_an_allow_is():
    deny = conditioned(effect="Deny", StringNotEquals={"aws:PrincipalOrgID": "o-1"})
    _, lines = simulate(line(identity_policies=[{"name": "all", "policy": GRANT}, *deny]), "--explain")
    assert lines[0]["explanation"]["denied"] == [{
        "policy": "p", "type": "identity", "pointer": "/Statement", "why": [{
            "pointer": "/Statement/Condition/StringNotEquals/aws:PrincipalOrgID",
            "text": "it tests aws:PrincipalOrgID, the request has none, and StringNotEquals holds where the key is absent"}]}]
