"""Rewrites of an account that mean the same: no verdict may change."""
import copy


def as_list(value):
    return list(value) if isinstance(value, list) else [value]


def shuffled(chance, values):
    values = list(values)
    chance.shuffle(values)
    return values


def spelled(chance, action):
    """Actions are compared without regard to case."""
    service, name = action.split(":")
    return f"{service}:{chance.choice([name, name.lower(), name.upper()])}"


# ---- rewrites of a policy document

def order_of_statements(chance, document):
    document["Statement"] = shuffled(chance, as_list(document["Statement"]))


def case_of_actions(chance, document):
    for statement in as_list(document["Statement"]):
        statement["Action"] = [spelled(chance, action) for action in as_list(statement["Action"])]


def order_of_actions(chance, document):
    for statement in as_list(document["Statement"]):
        statement["Action"] = shuffled(chance, as_list(statement["Action"]))


def one_statement_an_action(_, document):
    split = []
    for statement in as_list(document["Statement"]):
        for i, action in enumerate(as_list(statement["Action"])):
            split.append({**copy.deepcopy(statement), "Action": action})
            if "Sid" in statement:
                split[-1]["Sid"] = f"{statement['Sid']}{i}"
    document["Statement"] = split


def repeated_statement(chance, document):
    statements = as_list(document["Statement"])
    again = copy.deepcopy(chance.choice(statements))
    again.pop("Sid", None)
    document["Statement"] = statements + [again]


def no_sids(_, document):
    for statement in as_list(document["Statement"]):
        statement.pop("Sid", None)


def order_of_members(chance, document):
    document["Statement"] = [dict(shuffled(chance, statement.items())) for statement in as_list(document["Statement"])]


def condition_that_holds(chance, document):
    for statement in as_list(document["Statement"]):
        tests = statement.setdefault("Condition", {})
        tests.update(chance.choice([
            {"Bool": {"aws:SecureTransport": "true"}},
            {"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}},
            {"NumericGreaterThanEquals": {"s3:TlsVersion": "1.2"}} if statement["Action"] != "*" else {}]))
        if not tests or any(not action.lower().startswith("s3:") for action in as_list(statement["Action"])):
            tests.pop("NumericGreaterThanEquals", None)
        if not tests:
            statement.pop("Condition")


DOCUMENT = [order_of_statements, case_of_actions, order_of_actions, one_statement_an_action, repeated_statement,
            no_sids, order_of_members, condition_that_holds]


def user_policy(account, chance):
    arn = chance.choice([account.reads, account.discovers])
    document = account.policy(arn)
    for rewrite in chance.sample(DOCUMENT, 2):
        rewrite(chance, document)
    return [account.with_policy(arn, document)]


def bucket_policy(account, chance):
    document = account.answer("s3:GetBucketPolicy")["Policy"]
    for rewrite in chance.sample(DOCUMENT, 2):
        rewrite(chance, document)
    return [account.with_bucket_policy(document)]


def deny_of_nothing_that_is_asked(account, chance):
    """In the bucket's policy, where statements that do not matter are usual."""
    document = account.answer("s3:GetBucketPolicy")["Policy"]
    deny = {"Effect": "Deny", "Principal": "*"}
    deny.update(chance.choice([
        {"Action": "s3:*", "Resource": [account.arn, f"{account.arn}/*"],
         "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Action": "s3:DeleteBucket", "Resource": account.arn},
        {"Action": ["s3:GetObject", "s3:DeleteObject"], "Resource": f"{account.arn}/elsewhere/*"},
        {"Action": "s3:ListBucket", "Resource": account.arn,
         "Condition": {"StringLike": {"s3:prefix": ["elsewhere/*", f"{account.folder}data/BILLING_PERIOD=2026-0*"]}}},
        {"Action": "s3:ListBucket", "Resource": account.arn, "Condition": {"NumericGreaterThan": {"s3:max-keys": "1"}}},
        {"Action": "s3:PutObjectAcl", "Resource": f"{account.arn}/*"},
        {"Action": "s3:GetObject", "Resource": f"{account.arn}/*",
         "Condition": {"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}}]))
    document["Statement"] = shuffled(chance, as_list(document["Statement"]) + [deny])
    return [account.with_bucket_policy(document)]


# ---- rewrites of what is delivered

def other_sizes(account, chance):
    objects = account.objects()
    for item in objects:
        item["Size"] = max(1000, item["Size"] + chance.randrange(-900, 900))
    return [account.with_objects(objects)]


def other_tags(account, chance):
    objects = account.objects()
    for item in objects:
        item["ETag"] = f'"{chance.getrandbits(128):032x}"'
    return [account.with_objects(objects)]


def older_months_written_again(account, chance):
    objects = account.objects()
    for i in account.reports()[:-1]:
        if not objects[i]["LastModified"].startswith("2026-11-22"):
            objects[i]["LastModified"] = f"2026-11-1{chance.randrange(5)}T05:00:00.000Z"
    return [account.with_objects(objects)]


def classes_that_are_read_at_once(account, chance):
    objects = account.objects()
    for i in account.reports():
        objects[i]["StorageClass"] = chance.choice(["STANDARD", "STANDARD_IA", "ONEZONE_IA", "GLACIER_IR"])
    return [account.with_objects(objects)]


def files_that_are_no_reports(account, chance):
    objects = account.objects() + [
        {"Key": f"{account.folder}{name}", "LastModified": "2026-11-20T05:00:00.000Z", "ETag": '"0"', "Size": 9,
         "StorageClass": "STANDARD"}
        for name in chance.sample(["crawler-cfn.yml", "metadata/notes.txt", "execution_status/ok.json"], 2)]
    return [account.with_objects(sorted(objects, key=lambda item: item["Key"]))]


# ---- rewrites of the bucket

def lifecycle_that_reaches_no_file(account, chance):
    rule = {"ID": "tidy", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}
    rule.update(chance.choice([
        {"Status": "Disabled"}, {"Filter": {"Prefix": "elsewhere/"}}, {"Filter": {"Tag": {"Key": "a", "Value": "b"}}},
        {"Filter": {"And": {"Prefix": account.folder, "Tags": [{"Key": "a", "Value": "b"}]}}},
        {"Filter": {"ObjectSizeLessThan": 900}}, {"Filter": {"And": {"Prefix": "", "ObjectSizeGreaterThan": 5000000000}}},
        {"Expiration": {"Days": 4000}}, {"Filter": {"Prefix": account.folder + "zzz/"}, "Status": "Disabled"}]))
    if chance.random() < 0.3:
        rule.pop("Expiration")
        rule["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": 7}
    return [{"call": "s3:GetBucketLifecycleConfiguration", "answer": {"Rules": [rule]}}]


def tags_on_the_bucket(_, chance):
    return [{"call": "s3:GetBucketTagging",
             "answer": {"TagSet": [{"Key": "team", "Value": f"finance-{chance.randrange(100)}"}]}}]


def access_list_of_the_owner(account, chance):
    answer = account.answer("s3:GetBucketAcl")
    group = {"Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"}}
    answer["Grants"] += [{**group, "Permission": chance.choice(["WRITE", "READ_ACP"])}]
    return [{"call": "s3:GetBucketAcl", "answer": answer}]


SAME = [user_policy, user_policy, user_policy, bucket_policy, bucket_policy, deny_of_nothing_that_is_asked,
        deny_of_nothing_that_is_asked, other_sizes, other_tags, older_months_written_again,
        classes_that_are_read_at_once, files_that_are_no_reports, lifecycle_that_reaches_no_file, tags_on_the_bucket,
        access_list_of_the_owner]
