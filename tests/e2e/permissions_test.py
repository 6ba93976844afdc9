"""What the checker's own credentials need: `policy permissions`, and reports where one of the permissions is missing."""

import json
import os
import subprocess
import tempfile

import pytest

EXPORTCHECK = os.environ.get("EXPORTCHECK", "build/dev/exportcheck")
ACCOUNTS = ["root-existing-cur2", "root-existing-kms", "root-existing-role", "root-existing-groups", "root-new", "linked",
            "migrate-same-bucket"]
SCENARIOS = ["root-existing", "root-new", "linked", "migrate-new-bucket", "migrate-same-bucket"]
# What another call tells as well: without it every rule still decides, on other evidence.
DECIDED_WITHOUT = {"s3:GetBucketLocation", "s3:GetBucketPolicyStatus", "s3:GetBucketPublicAccessBlock",
                   "s3:GetAccountPublicAccessBlock",
                   # A bucket that ignores its access control list is not public by it.
                   "s3:GetBucketAcl",
                   # The organization's policies and IAM's simulator stand in for each other.
                   "organizations:ListParents", "organizations:ListPoliciesForTarget", "organizations:DescribePolicy",
                   "iam:SimulatePrincipalPolicy",
                   # The legacy reports are no matter where a Data Export is to be created.
                   "cur:DescribeReportDefinitions"}


def run(*arguments, status=0):
    done = subprocess.run([EXPORTCHECK, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode in ([status] if isinstance(status, int) else status), done.stderr
    return done.stdout


def permissions(scenario):
    """{action: {"calls": […], "rules": […]}} as --explain says it."""
    found = {}
    for line in run("policy", "permissions", "--scenario", scenario, "--explain").splitlines():
        if not line.startswith(" "):
            action = line.split(" on ")[0]
            found[action] = {"calls": [], "rules": []}
        elif line.startswith("  calls: "):
            found[action]["calls"] = line[len("  calls: "):].split(", ")
        elif line.startswith("  rules that rest on it: "):
            found[action]["rules"] = line[len("  rules that rest on it: "):].split(", ")
    return found


def account(name):
    with open(f"tests/accounts/{name}.json") as file:
        return json.load(file)


def asked(name):
    """The calls that a run on this account really makes."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "asked.json")
        run("collect", "--snapshot", f"tests/accounts/{name}.json", "--output", path)
        with open(path) as file:
            return {f"{call['service']}:{call['operation']}" for call in json.load(file)["calls"]}


def results(path):
    document = json.loads(run("check", "--snapshot", str(path), "-o", "json", status=[0, 1, 3]))
    return {(result["rule"], result["subject"]): result for result in document["results"]}


def refuse(snapshot, calls):
    """How many calls were made that are now refused."""
    count = 0
    for call in snapshot["calls"]:
        if f"{call['service']}:{call['operation']}" not in calls:
            continue
        head = call["operation"].startswith("Head")
        call.pop("answer", None)
        call["error"] = {"code": "403" if head else "AccessDenied", "message": "" if head else "not authorized",
                         "http_status": 403}
        count += 1
    return count


def cases():
    for name in ACCOUNTS:
        made = asked(name)
        for action, behind in permissions(account(name)["target"]["scenario"]).items():
            if behind["rules"] and made.intersection(behind["calls"]):
                yield pytest.param(name, action, behind, id=f"{name}-{action}")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_policy_is_one_that_aws_takes_and_reads_only(scenario, tmp_path):
    text = run("policy", "permissions", "--scenario", scenario, "--bucket", "acme-billing", "--account-id", "123456789012")
    (tmp_path / "policy.json").write_text(text)
    run("policy", "lint", str(tmp_path / "policy.json"))
    statements = json.loads(text)["Statement"]
    actions = [action for statement in statements for action in statement["Action"]]
    assert len(actions) == len(set(actions)) and "iam:GetUser" in actions
    for action in actions:
        assert action.split(":")[1].startswith(("Get", "List", "Describe", "Simulate")), action
    assert ("s3:ListBucket" in actions) == (scenario != "linked")


def test_the_policy_needs_no_names():
    resources = [statement["Resource"] for statement in json.loads(run("policy", "permissions"))["Statement"]]
    assert "arn:aws:s3:::*" in resources and "{" not in json.dumps(resources)


def test_explain_names_each_action_of_the_policy():
    policy = json.loads(run("policy", "permissions"))
    assert {action for statement in policy["Statement"] for action in statement["Action"]} == set(permissions("root-existing"))


def test_a_wrong_scenario_and_a_wrong_bucket_are_refused():
    run("policy", "permissions", "--scenario", "root-exisiting", status=2)
    run("policy", "permissions", "--bucket", "a*", status=2)


@pytest.mark.parametrize("name,action,behind", list(cases()))
def test_without_a_permission_the_report_names_it_and_nothing_passes(name, action, behind, tmp_path):
    healthy = results(f"tests/accounts/{name}.json")
    snapshot = account(name)
    assert refuse(snapshot, behind["calls"])
    path = tmp_path / "snapshot.json"
    path.write_text(json.dumps(snapshot))
    found = results(path)
    verdicts = {rule: result["status"] for (rule, _), result in healthy.items()}
    changed = [result for result in found.values() if result["status"] != verdicts[result["rule"]]]
    for result in changed:
        assert result["status"] == "unknown" or (result["rule"], result["status"]) == ("bucket-available", "fail"), result
        if (result["root_cause"] or "").startswith("permission:"):
            assert result["root_cause"] == f"permission:{action}", result
    if not changed:
        applying = [rule for rule in behind["rules"] if verdicts.get(rule, "skip") != "skip"]
        assert action in DECIDED_WITHOUT or not applying
        return
    direct = [result for result in changed if action in result["message"]]
    assert direct, "no message names the permission"
    for result in direct:
        assert result["rule"] in behind["rules"]
