#!/usr/bin/env python3
"""Makes the sample accounts of the other scenarios from tests/accounts/root-existing-cur2.json.

    tests/make_flow_accounts.py [EXPORTCHECK]

Each account is what the documentation's section leaves behind, word for word. `exportcheck collect`
then keeps the calls that today's facts want, so run this again when facts are added. The same input
gives the same files.
"""

import copy
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
ACCOUNTS = HERE / "accounts"
EXPORTCHECK = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/dev/exportcheck")

PAYER = "123456789012"
MEMBER = "210987654321"
BUCKET = "acme-billing"
NOW = 1795341600  # 2026-11-22T10:00:00Z, the accounts' time
HOUR = 3600
OPTSCALE = "https://optscale.acme.example"
ORGANIZATION = "d370a5cb-7c41-4bb5-9a6f-0f6b6a1e2c11"
ROOT_SOURCE = "8a1e0f7c-3f0e-4c52-8f57-4a3e5c9d1b01"
MEMBER_SOURCE = "8a1e0f7c-3f0e-4c52-8f57-4a3e5c9d1b02"


def base():
    return json.loads((ACCOUNTS / "root-existing-cur2.json").read_text(encoding="utf-8"))


def find(account, operation, **parameters):
    for call in account["calls"]:
        if call["operation"] == operation and parameters.items() <= call["parameters"].items():
            return call
    raise KeyError(operation)


def answer(account, name, parameters, value, region="us-east-1"):
    """Sets what one call answers, in place of what it answered before."""
    service, operation = name.split(":")
    drop(account, lambda call: call["service"] == service and call["operation"] == operation
         and call["parameters"] == parameters)
    account["calls"].append({"service": service, "operation": operation, "region": region,
                             "parameters": parameters, "answer": value})


def refuse(account, name, parameters, code, message, status, region="us-east-1"):
    answer(account, name, parameters, None, region)
    call = account["calls"][-1]
    del call["answer"]
    call["error"] = {"code": code, "message": message, "http_status": status}


def drop(account, unwanted):
    account["calls"] = [call for call in account["calls"] if not unwanted(call)]


def replace_text(account, old, new):
    return json.loads(json.dumps(account).replace(old, new))


def template(name, *options):
    text = subprocess.run([EXPORTCHECK, "policy", "print", name, *options], check=True, capture_output=True,
                          text=True).stdout
    return json.loads(text)


def give_policy(account, name, document):
    """Puts the user's read policy aside for another one."""
    text = json.dumps(account).replace("OptScaleReadOnly", name).replace("ANPAEXAMPLEREADONL001",
                                                                         "ANPAEXAMPLECREATE0001")
    account.clear()
    account.update(json.loads(text))
    arn = f"arn:aws:iam::{PAYER}:policy/{name}"
    find(account, "GetPolicyVersion", PolicyArn=arn)["answer"]["PolicyVersion"]["Document"] = document


# --- the export is not configured yet ---


def without_exports(account):
    drop(account, lambda call: call["service"] == "bcm-data-exports" and call["operation"] != "ListExports")
    drop(account, lambda call: call["operation"] in ("GetObject", "HeadObject"))
    find(account, "ListExports")["answer"] = {"Exports": []}


def root_new_bucket():
    account = base()
    without_exports(account)
    account["target"]["scenario"] = "root-new"
    find(account, "ListObjectsV2")["answer"] = {"Prefix": "cur2/optscale/"}
    give_policy(account, "OptScaleCreateExport", template("create-export", "--bucket", BUCKET))
    return account


def root_new():
    account = root_new_bucket()
    new = "acme-optscale"
    account["target"]["bucket"] = new
    for call in account["calls"]:
        if call["parameters"].get("Bucket") != BUCKET:
            continue
        call["parameters"]["Bucket"] = new
        call["region"] = "us-east-1"
        call.pop("answer", None)
        head = call["operation"] == "HeadBucket"
        call["error"] = {"code": "404" if head else "NoSuchBucket",
                         "message": "Not Found" if head else "The specified bucket does not exist",
                         "http_status": 404}
    give_policy(account, "OptScaleCreateExport", template("create-export", "--bucket", new))
    return account


# --- OptScale ---


def optscale(account, sources):
    account["target"]["optscale_url"] = OPTSCALE
    answer(account, "optscale:ListOrganizations", {},
           {"organizations": [{"id": ORGANIZATION, "name": "Acme", "pool_id": "p1", "currency": "USD",
                               "is_demo": False, "disabled": False, "created_at": 1780000000, "deleted_at": 0,
                               "cleaned_at": 0}], "total_count": 1, "limit": 0, "offset": 0})
    answer(account, "optscale:ListCloudAccounts", {"organization_id": ORGANIZATION, "details": True},
           {"cloud_accounts": sources})
    caller = find(account, "GetCallerIdentity")["answer"]["Account"]
    own = next(source for source in sources if source["account_id"] == caller)
    answer(account, "optscale:ListReportImports", {"cloud_account_id": own["id"], "show_completed": True},
           {"report_imports": [] if own["config"].get("linked") else [
               {"id": "0a51f5c2-9f0c-4b0e-8d5c-2f8a8c1f7e01", "cloud_account_id": own["id"], "state": "completed",
                "state_reason": None, "import_file": None, "is_recalculation": False, "created_at": NOW - 2 * HOUR,
                "updated_at": NOW - HOUR, "deleted_at": 0}]})


def data_source(identifier, name, account_id, config):
    return {"id": identifier, "name": name, "type": "aws_cnr", "organization_id": ORGANIZATION,
            "account_id": account_id, "parent_id": None, "auto_import": True, "process_recommendations": True,
            "import_period": 1, "created_at": 1790000000, "deleted_at": 0, "cleaned_at": 0,
            "last_import_at": NOW - HOUR, "last_import_modified_at": NOW - 6 * HOUR,
            "last_import_attempt_at": NOW - HOUR,
            # OptScale keeps the text after a later import succeeded.
            "last_import_attempt_error": "An error occurred (SlowDown) when calling the GetObject operation",
            "last_getting_metrics_at": NOW - 2 * HOUR, "last_getting_metric_attempt_at": NOW - 2 * HOUR,
            "last_getting_metric_attempt_error": None,
            "config": {"access_key_id": "AKIAIOSFODNN7EXAMPLE", **config},
            "details": {"cost": 168.4, "forecast": 702.7, "last_month_cost": 926.9, "resources": 279,
                        "discovery_infos": [
                            {"id": f"{identifier[:-2]}{number}", "cloud_account_id": identifier,
                             "resource_type": kind, "enabled": True, "observe_time": NOW - HOUR,
                             "last_discovery_at": NOW - HOUR, "last_error_at": NOW - 30 * HOUR,
                             "last_error": "Could not connect to the endpoint URL", "created_at": 1790000000,
                             "deleted_at": 0}
                            for number, kind in ((11, "instance"), (12, "volume"), (13, "bucket"))]}}


def root_source(**changes):
    config = {"config_scheme": "bucket_only", "bucket_name": BUCKET, "bucket_prefix": "cur2",
              "report_name": "optscale", "cur_version": 2, "region_name": "eu-west-1", "use_edp_discount": False}
    return data_source(ROOT_SOURCE, "Acme root", PAYER, {**config, **changes})


def linked_source(number, name, account_id):
    return data_source(f"{MEMBER_SOURCE[:-6]}{number:06d}", name, account_id, {"linked": True})


def members(account):
    return [item for item in find(account, "ListAccounts")["answer"]["Accounts"] if item["Id"] != PAYER]


def make_members(account, count):
    """The payer and so many members; the last one is suspended, and asked of nobody."""
    listed = find(account, "ListAccounts")["answer"]["Accounts"]
    organization = listed[0]["Arn"].rsplit("/", 1)[0]
    del listed[1:]
    for number in range(1, count + 1):
        # Ids keep leading zeros, in OptScale too.
        identifier = f"{(number * 7654321097) % 10**12:012d}"
        state = "SUSPENDED" if number == count else "ACTIVE"
        listed.append({"Id": identifier, "Arn": f"{organization}/{identifier}",
                       "Email": f"aws+{number:03d}@acme.example", "Name": f"acme-team-{number:03d}",
                       "Status": state, "State": state, "JoinedMethod": "CREATED",
                       "JoinedTimestamp": 1690000000 + number})


def root_existing_optscale():
    account = base()
    make_members(account, 4)
    optscale(account, [root_source()] + [linked_source(number, item["Name"], item["Id"])
                                         for number, item in enumerate(members(account), 1)
                                         if item["State"] == "ACTIVE"])
    return account


def root_existing_120():
    account = base()
    make_members(account, 120)
    account["target"]["connected_accounts"] = [{"account_id": item["Id"], "name": item["Name"]}
                                               for item in members(account) if item["State"] == "ACTIVE"]
    return account


def root_existing_120_unconnected():
    account = root_existing_120()
    listed = account["target"]["connected_accounts"]
    listed[3]["linked"] = False       # as Root
    listed[40]["auto_import"] = False
    listed[41]["deleted"] = True
    del listed[77]
    listed.append({"account_id": "999999999999", "name": "a stranger"})
    return account


# --- a member account ---


def linked():
    account = base()
    without_exports(account)
    drop(account, lambda call: call["service"] == "s3" and call["operation"] != "ListBuckets")
    organization = copy.deepcopy(find(account, "DescribeOrganization"))
    account = replace_text(account, PAYER, MEMBER)
    find(account, "DescribeOrganization")["answer"] = organization["answer"]
    account["target"] = {"scenario": "linked", "principal": f"arn:aws:iam::{MEMBER}:user/optscale",
                         "export_type": "cur2", "detect": "manual"}
    attached = find(account, "ListAttachedUserPolicies")["answer"]["AttachedPolicies"]
    attached[:] = [policy for policy in attached if policy["PolicyName"] == "OptScaleDiscoverResources"]
    denied = "You don't have permissions to access this resource."
    refuse(account, "organizations:ListAccounts", {}, "AccessDeniedException", denied, 400)
    refuse(account, "organizations:ListParents", {"ChildId": MEMBER}, "AccessDeniedException", denied, 400)
    facts = json.loads((ROOT / "rules/facts/organization.json").read_text(encoding="utf-8"))
    actions = facts["scp.simulation"]["with"]["ActionNames"]
    answer(account, "iam:SimulatePrincipalPolicy",
           {"PolicySourceArn": f"arn:aws:iam::{MEMBER}:user/optscale", "ActionNames": actions},
           {"EvaluationResults": [{"EvalActionName": action, "EvalResourceName": "*", "EvalDecision": "implicitDeny",
                                   "OrganizationsDecisionDetail": {"AllowedByOrganizations": True}}
                                  for action in actions]})
    optscale(account, [root_source(), linked_source(1, "acme-production", MEMBER)])
    return account


# --- migration ---


def legacy_report(bucket):
    return {"ReportName": "acme-cur", "TimeUnit": "DAILY", "Format": "textORcsv", "Compression": "ZIP",
            "AdditionalSchemaElements": ["RESOURCES"], "S3Bucket": bucket, "S3Prefix": "reports",
            "S3Region": "eu-west-1", "AdditionalArtifacts": [], "RefreshClosedReports": True,
            "ReportVersioning": "OVERWRITE_REPORT",
            "ReportStatus": {"lastDelivery": "20261122T031500Z", "lastStatus": "SUCCESS"}}


def migrate(scenario, bucket):
    account = base()
    account["target"]["scenario"] = scenario
    make_members(account, 2)
    find(account, "DescribeReportDefinitions")["answer"] = {"ReportDefinitions": [legacy_report(bucket)]}
    optscale(account, [root_source()] + [linked_source(1, item["Name"], item["Id"])
                                         for item in members(account)[:1]])
    return account


MADE = {
    "root-new": root_new,
    "root-new-bucket": root_new_bucket,
    "linked": linked,
    "migrate-new-bucket": lambda: migrate("migrate-new-bucket", "acme-cur-reports"),
    "migrate-same-bucket": lambda: migrate("migrate-same-bucket", BUCKET),
    "root-existing-optscale": root_existing_optscale,
    "root-existing-120": root_existing_120,
    "root-existing-120-unconnected": root_existing_120_unconnected,
}


def main():
    for name, make in MADE.items():
        path = ACCOUNTS / f"{name}.json"
        path.write_text(json.dumps(make(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        subprocess.run([EXPORTCHECK, "collect", "--all-facts", "--snapshot", str(path), "--output", str(path)],
                       check=True)


if __name__ == "__main__":
    main()
