"""Changes that break something: (the changes, the rules that have to fail, others that rightly change)."""
from rewrites import as_list, shuffled

READ = "permission-read-bucket"
READABLE = "delivery-readable"
DISCOVER = "permission-discover-resources"
BUCKETS = "permission-discover-buckets"
DOCUMENTED = "bucket-policy-as-documented"


def noise(chance):
    """A condition that holds for every request."""
    return chance.choice([{}, {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
                          {"Condition": {"DateGreaterThan": {"aws:CurrentTime": "2021-05-01T00:00:00Z"}}}])


# ---- the user

def statement_taken_away(account, chance):
    document = account.policy(account.reads)
    gone = chance.choice(["s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation"])
    for statement in document["Statement"]:
        statement["Action"] = [action for action in as_list(statement["Action"]) if action != gone]
    document["Statement"] = [statement for statement in document["Statement"] if statement["Action"]]
    also = {"s3:GetObject": [READABLE], "s3:ListBucket": [], "s3:GetBucketLocation": [DISCOVER]}[gone]
    if gone == "s3:GetBucketLocation":  # the other policy of the documentation has it, too
        other = account.policy(account.discovers)
        for statement in other["Statement"]:
            statement["Action"] = [action for action in as_list(statement["Action"]) if action != gone]
        return [account.with_policy(account.reads, document), account.with_policy(account.discovers, other)], [READ], also
    return [account.with_policy(account.reads, document)], [READ], also


def resource_of_another(account, chance):
    document = account.policy(account.reads)
    for statement in document["Statement"]:
        if "s3:GetObject" in as_list(statement["Action"]):
            statement["Resource"] = chance.choice([account.arn, f"{account.arn}-old/*", f"{account.arn}/elsewhere/*",
                                                   f"{account.arn}/{account.folder[:-1]}"])
    return [account.with_policy(account.reads, document)], [READ], [READABLE]


def listing_of_some_folders(account, chance):
    document = account.policy(account.reads)
    allowed = chance.choice([account.folder, account.folder[:-1], [account.folder, f"{account.folder}none/"], "",
                             f"{account.folder}*/20??/"])
    statements = []
    for statement in document["Statement"]:
        actions = as_list(statement["Action"])
        if "s3:ListBucket" not in actions:
            statements.append(statement)
            continue
        statements.append({**statement, "Action": [action for action in actions if action != "s3:ListBucket"]})
        statements.append({"Effect": "Allow", "Action": "s3:ListBucket", "Resource": account.arn,
                           "Condition": {"StringLike": {"s3:prefix": allowed}}})
    document["Statement"] = shuffled(chance, statements)
    return [account.with_policy(account.reads, document)], [READ], []


def deny_of_the_user(account, chance):
    document = account.policy(account.reads)
    action, resource, also = chance.choice([
        ("s3:GetObject", f"{account.arn}/*", [READABLE]), ("s3:Get*", f"{account.arn}/{account.folder}*", [READABLE]),
        ("s3:ListBucket", account.arn, []), ("s3:L*", "*", [DISCOVER, BUCKETS]), ("*", f"{account.arn}*", [READABLE, DISCOVER, BUCKETS])])
    document["Statement"].append({"Effect": "Deny", "Action": action, "Resource": resource, **noise(chance)})
    return [account.with_policy(account.reads, document)], [READ], also


def deny_of_the_bucket(account, chance):
    document = account.answer("s3:GetBucketPolicy")["Policy"]
    who = chance.choice(["*", {"AWS": "*"}, {"AWS": account.principal}, {"AWS": account.account}])
    folders = sorted({item["Key"][:item["Key"].index("/", len(account.folder)) + 1] for item in account.objects()
                      if "/" in item["Key"][len(account.folder):]})
    extra = chance.choice([
        {"Action": "s3:GetObject", "Resource": f"{account.arn}/{account.folder}*", **noise(chance)},
        {"Action": "s3:ListBucket", "Resource": account.arn, **noise(chance)},
        {"Action": "s3:ListBucket", "Resource": account.arn,
         "Condition": {"StringLike": {"s3:prefix": chance.choice(folders) + "*"}}},
        {"Action": "s3:ListBucket", "Resource": account.arn,
         "Condition": {"StringEquals": {"s3:prefix": account.folder}}},
        {"Action": "s3:ListBucket", "Resource": account.arn, "Condition": {"Null": {"s3:max-keys": "true"}}},
        {"Action": "s3:GetObject", "Resource": f"{account.arn}/{account.objects()[account.reports()[0]]['Key']}"}])
    document["Statement"].append({"Effect": "Deny", "Principal": who, **extra})
    return [account.with_bucket_policy(document)], [READ], [READABLE]


def discovery_without_an_action(account, chance):
    document = account.policy(account.discovers)
    statement = chance.choice(document["Statement"])
    actions = [action for action in as_list(statement["Action"]) if action != "s3:GetBucketLocation"
               and action != "cur:DescribeReportDefinitions"]
    gone = chance.choice(actions)
    statement["Action"] = [action for action in as_list(statement["Action"]) if action != gone]
    document["Statement"] = [one for one in document["Statement"] if one["Action"]]
    return [account.with_policy(account.discovers, document)], [DISCOVER], []


# ---- the bucket

def writers_rule(account):
    return "bucket-policy-delivers-legacy" if account.legacy else "bucket-policy-delivers-cur2"


def delivery_refused(account, chance):
    document = account.answer("s3:GetBucketPolicy")["Policy"]
    statement = document["Statement"][0]
    number = account.account
    writer = "billingreports.amazonaws.com" if account.legacy else "bcm-data-exports.amazonaws.com"
    other = "bcm-data-exports.amazonaws.com" if account.legacy else "billingreports.amazonaws.com"
    what = chance.randrange(6)
    if what == 0:
        statement["Principal"] = {"Service": [other]}
    elif what == 1:
        statement["Condition"]["StringLike"]["aws:SourceAccount"] = chance.choice(
            [f"{number[:4]}-{number[4:8]}-{number[8:]}", number[:-1], f" {number}", "<account_id>"])
    elif what == 2:
        statement["Action"] = "s3:GetBucketPolicy"
    elif what == 3:
        statement["Resource"] = [account.arn, f"{account.arn}/elsewhere/*"]
    elif what == 4:
        statement["Principal"] = {"Service": [writer.replace("amazonaws.com", "amazonaws.co"), other]}
    else:
        document["Statement"].append({"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
                                      "Resource": f"{account.arn}/{account.folder}*", **noise(chance)})
    return [account.with_bucket_policy(document)], [writers_rule(account)], [DOCUMENTED]


def anybody_may_deliver(account, chance):
    document = account.answer("s3:GetBucketPolicy")["Policy"]
    chance.choice([lambda: document["Statement"][0].pop("Condition"),
                   lambda: document["Statement"][0].update(Condition={"StringLike": {"aws:SourceAccount": "*"}}),
                   lambda: document["Statement"][0].update(Condition={"StringEquals": {
                       "aws:SourceAccount": [account.account, "210987654321"]}})])()
    return [account.with_bucket_policy(document)], ["bucket-policy-only-this-account"], []


def lifecycle_takes_files(account, chance):
    rule = {"ID": "tidy", "Status": "Enabled", "Filter": {"Prefix": chance.choice(
        ["", account.folder, account.folder[:3], account.folder[:-1]])}, "Expiration": {"Days": chance.randrange(1, 40)}}
    if chance.random() < 0.5:
        rule.pop("Expiration")
        rule["Transitions"] = [{"Days": chance.randrange(40), "StorageClass": chance.choice(["GLACIER", "DEEP_ARCHIVE"])}]
    return [{"call": "s3:GetBucketLifecycleConfiguration", "answer": {"Rules": [rule]}}], [
        "bucket-lifecycle-keeps-exports"], []


def open_to_everybody(account, chance):
    answer = account.answer("s3:GetBucketAcl")
    answer["Grants"].append({"Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/" + chance.choice(
        ["AllUsers", "AuthenticatedUsers"])}, "Permission": chance.choice(["READ", "WRITE", "FULL_CONTROL"])})
    none = {"code": "NoSuchPublicAccessBlockConfiguration", "http_status": 404}
    return [{"call": "s3:GetBucketAcl", "answer": answer}, {"call": "s3:GetPublicAccessBlock", "error": none},
            {"call": "s3control:GetPublicAccessBlock", "error": none},
            {"call": "s3:GetBucketOwnershipControls",
             "answer": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}}}], [
                 "bucket-not-public"], ["bucket-object-ownership"]


# ---- the export

def destination(**members):
    return {"DestinationConfigurations": {"S3Destination": members}}


def tabled(**settings):
    return {"DataQuery": {"TableConfigurations": {"COST_AND_USAGE_REPORT": settings}}}


def export_changed(account, chance):
    cur2, legacy, rules, also = chance.choice([
        (tabled(INCLUDE_RESOURCES="FALSE"), {"AdditionalSchemaElements": []}, ["export-includes-resource-ids"], []),
        (tabled(TIME_GRANULARITY="MONTHLY"), {"TimeUnit": "MONTHLY"}, ["export-granularity"], []),
        (destination(S3OutputConfigurations={"Overwrite": "CREATE_NEW_REPORT"}), {"ReportVersioning": "CREATE_NEW_REPORT"},
         ["export-overwrites"], []),
        (destination(S3OutputConfigurations={"Compression": "NONE"}), {"Compression": "NONE"}, ["export-format"], []),
        (destination(S3Region="ap-south-1"), {"S3Region": "ap-south-1"}, ["export-region-matches"], []),
        (destination(S3Prefix=account.target["prefix"] + "/"), {"S3Prefix": account.target["prefix"] + "/"},
         ["export-prefix-matches"], []),
        (destination(S3Prefix="other"), {"S3Prefix": "other"}, ["export-prefix-matches"], []),
        (destination(S3Bucket="another-bucket"), {"S3Bucket": "another-bucket"}, ["export-bucket-matches"],
         ["export-region-matches"])])
    return [account.with_export(cur2, legacy)], rules, also


def query_changed(account, chance):
    if account.legacy:
        return export_changed(account, chance)
    query = account.answer("bcm-data-exports:GetExport")["Export"]["DataQuery"]["QueryStatement"]
    column = chance.choice(["line_item_blended_cost", "line_item_usage_account_id", "line_item_usage_start_date"])
    changed, rule = chance.choice([
        (query + " WHERE line_item_line_item_type = 'Usage'", "export-selects-all-rows"),
        (query.replace(" FROM ", "\nfrom ") + "\nlimit 10", "export-selects-all-rows"),
        (query.replace(f"{column}, ", ""), "export-columns")])
    return [{"call": "bcm-data-exports:GetExport", "merge": {"Export": {"DataQuery": {"QueryStatement": changed}}}}], [
        rule], []


# ---- the files

def a_file_changed(account, chance):
    objects = account.objects()
    item = objects[chance.choice(account.reports())]
    rule = chance.choice(["delivery-no-empty-file", "delivery-not-archived"])
    if rule == "delivery-no-empty-file":
        item["Size"] = chance.choice([0, 20]) if item["Key"].endswith(".gz") else 0
    else:
        item["StorageClass"] = chance.choice(["GLACIER", "DEEP_ARCHIVE"])
    return [account.with_objects(objects)], [rule], []


def a_month_taken_away(account, chance):
    objects = account.objects()
    by_age = sorted(account.reports(), key=lambda i: objects[i]["LastModified"])
    months = list(dict.fromkeys(objects[i]["Key"].rsplit("/", 1)[0] for i in by_age))
    gone = chance.choice(months[1:-1])
    kept = [item for item in objects if not item["Key"].startswith(gone + "/")]
    return [account.with_objects(kept)], ["delivery-no-gap"], []


def nothing_new(account, chance):
    objects = account.objects()
    day = chance.randrange(15, 19)
    for item in objects:
        if item["LastModified"] > "2026-11-19":  # still the newest of all
            item["LastModified"] = f"2026-11-{day}{item['LastModified'][10:]}"
    return [account.with_objects(objects)], ["delivery-fresh"], []


BREAK = [statement_taken_away, resource_of_another, listing_of_some_folders, deny_of_the_user, deny_of_the_bucket,
         deny_of_the_bucket, discovery_without_an_action, delivery_refused, delivery_refused, anybody_may_deliver,
         lifecycle_takes_files, open_to_everybody, export_changed, export_changed, query_changed, a_file_changed,
         a_month_taken_away, nothing_new]
