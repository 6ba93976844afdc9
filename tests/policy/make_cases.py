#!/usr/bin/env python3
"""Writes the decisions of tests/policy/*.jsonl: requests, policies and what AWS's documentation says must come out.

Each line is {"id", "source", "expect", "simulation"}: `source` is the page that states the rule, `simulation` what
`exportcheck policy simulate` reads. The expected decision is worked out here from the rule's own terms (who is named, which key
is there, which value matches); the program is never asked. Run it in this folder after a change; the files are committed.
"""
import itertools
import json

GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
OPERATORS = GUIDE + "reference_policies_elements_condition_operators.html"
MULTIVALUED = GUIDE + "reference_policies_condition-single-vs-multi-valued-context-keys.html"
VARIABLES = GUIDE + "reference_policies_variables.html"
SAME_ACCOUNT = GUIDE + "reference_policies_evaluation-logic_policy-eval-denyallow.html"
CROSS_ACCOUNT = GUIDE + "reference_policies_evaluation-logic-cross-account.html"
PRINCIPAL = GUIDE + "reference_policies_elements_principal.html"
NOT_PRINCIPAL = GUIDE + "reference_policies_elements_notprincipal.html"
ACTION = GUIDE + "reference_policies_elements_action.html"
RESOURCE = GUIDE + "reference_policies_elements_resource.html"
NOT_RESOURCE = GUIDE + "reference_policies_elements_notresource.html"
NOT_ACTION = GUIDE + "reference_policies_elements_notaction.html"
BOUNDARIES = GUIDE + "access_policies_boundaries.html"
SESSIONS = GUIDE + "access_policies.html"
DEPUTY = GUIDE + "confused-deputy.html"
KEYS = GUIDE + "reference_policies_condition-keys.html"
ROOT_USER = GUIDE + "id_root-user.html"
GRAMMAR = GUIDE + "reference_policies_grammar.html"
ORGANIZATIONS = "https://docs.aws.amazon.com/organizations/latest/userguide/"
SCP = ORGANIZATIONS + "orgs_manage_policies_scps_evaluation.html"
RCP = ORGANIZATIONS + "orgs_manage_policies_rcps.html"
KMS = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html"
STS = "https://docs.aws.amazon.com/STS/latest/APIReference/"
EXPORTS = "https://docs.aws.amazon.com/cur/latest/userguide/dataexports-s3-bucket.html"
LEGACY = "https://docs.aws.amazon.com/cur/latest/userguide/cur-s3.html"
S3_EXAMPLES = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html"
S3_POLICY = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html"

A, B = "111122223333", "444455556666"
BUCKET, OBJECTS, OBJECT = "arn:aws:s3:::acme-billing", "arn:aws:s3:::acme-billing/*", "arn:aws:s3:::acme-billing/cur2/a.parquet"
EXPORT_ARN = f"arn:aws:bcm-data-exports:us-east-1:{A}:export/optscale-0d1c"
REPORT_ARN = f"arn:aws:cur:us-east-1:{A}:definition/optscale"
EXPORTER, REPORTER = "bcm-data-exports.amazonaws.com", "billingreports.amazonaws.com"
FULL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
ALLOWED, DENIED, IMPLICIT = "Allowed", "ExplicitlyDenied", "ImplicitlyDenied"


def policy(*statements, version="2012-10-17"):
    return {"Version": version, "Statement": list(statements)}


def named(*documents):
    return [{"name": f"p{i}", "policy": d} for i, d in enumerate(documents)]


def request(principal, action, resource, context=None, account=A):
    return {"principal": principal, "action": action, "resource": resource, "resource_account": account,
            "context": context or {}}


class Suite:
    def __init__(self, name):
        self.name, self.cases, self.ids = name, [], set()

    def add(self, name, source, expect, req, **policies):
        case_id = f"{self.name}: {name}"
        assert case_id not in self.ids, case_id
        self.ids.add(case_id)
        simulation = {"id": case_id, "request": req, **{k: v for k, v in policies.items() if v is not None}}
        self.cases.append({"id": case_id, "source": source, "expect": expect, "simulation": simulation})

    def write(self):
        with open(f"{self.name}.jsonl", "w", encoding="utf-8") as file:
            for case in self.cases:
                file.write(json.dumps(case, separators=(",", ":")) + "\n")
        return len(self.cases)


def allow(actions, resources, **more):
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def deny(actions, resources, **more):
    return {"Effect": "Deny", "Action": actions, "Resource": resources, **more}


# --- condition operators -----------------------------------------------------------------------------------------

ARN = "arn:aws:s3:::acme-billing"
# operator, key, values of the policy, a request value that compares equal (or stands as asked), one that does not
COMPARISONS = [
    ("StringEquals", "aws:SourceAccount", A, A, B),
    ("StringEqualsIgnoreCase", "aws:PrincipalTag/team", "FinOps", "finops", "devops"),
    ("StringLike", "s3:prefix", "cur2/*", "cur2/2026", "cur/2026"),
    ("ArnEquals", "aws:SourceArn", "arn:aws:cur:us-east-1:*:definition/*", REPORT_ARN, ARN),
    ("ArnLike", "aws:SourceArn", f"arn:aws:bcm-data-exports:us-east-1:{A}:export/*", EXPORT_ARN, REPORT_ARN),
    ("NumericEquals", "s3:max-keys", "10", "10.0", "11"),
    ("NumericLessThan", "s3:max-keys", "10", "9.5", "10"),
    ("NumericLessThanEquals", "s3:max-keys", "10", "10", "10.5"),
    ("NumericGreaterThan", "s3:max-keys", "10", "100", "9"),
    ("NumericGreaterThanEquals", "s3:max-keys", "10", "10", "-10"),
    ("DateEquals", "aws:CurrentTime", "2026-11-22T10:00:00Z", "2026-11-22T11:00:00+01:00", "2026-11-22T10:00:01Z"),
    ("DateLessThan", "aws:CurrentTime", "2026-11-22", "2026-11-21T23:59:59Z", "2026-11-22T00:00:00Z"),
    ("DateLessThanEquals", "aws:CurrentTime", "2026-11-22", "2026-11-22T00:00:00Z", "2026-11-22T00:00:01Z"),
    ("DateGreaterThan", "aws:CurrentTime", "2026-11", "2026-11-01T00:00:01Z", "2026-11-01T00:00:00Z"),
    ("DateGreaterThanEquals", "aws:CurrentTime", "1767225600", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z"),
    ("Bool", "aws:SecureTransport", "true", "TRUE", "false"),
    ("BinaryEquals", "aws:Key", "QmluYXJ5", "QmluYXJ5", "QmluYXJ6"),
    ("IpAddress", "aws:SourceIp", "203.0.113.0/24", "203.0.113.7", "203.0.114.7"),
]
NEGATED = {"StringEquals": "StringNotEquals", "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase", "StringLike": "StringNotLike",
           "ArnEquals": "ArnNotEquals", "ArnLike": "ArnNotLike", "NumericEquals": "NumericNotEquals",
           "DateEquals": "DateNotEquals", "IpAddress": "NotIpAddress"}


def condition_case(suite, name, source, holds, operator, key, values, context, version="2012-10-17"):
    statement = allow("s3:ListBucket", "*", Condition={operator: {key: values}})
    suite.add(name, source, ALLOWED if holds else IMPLICIT,
              request(f"arn:aws:iam::{A}:user/reader", "s3:ListBucket", BUCKET, context),
              identity_policies=named(policy(statement, version=version)))


def operator_cases(suite):
    """Missing key, one value, several values; plain, IfExists, ForAllValues, ForAnyValue; positive and negated."""
    rows = [(op, False, *rest) for op, *rest in COMPARISONS]
    rows += [(NEGATED[op], True, *rest) for op, *rest in COMPARISONS if op in NEGATED]
    for op, negated, key, values, match, other in rows:
        good, bad = (other, match) if negated else (match, other)
        one = lambda value: {key: [value]}
        for form, source in ((op, OPERATORS), (op + "IfExists", OPERATORS)):
            exists = form.endswith("IfExists")
            condition_case(suite, f"{form} meets its value", source, True, form, key, values, one(good))
            condition_case(suite, f"{form} misses its value", source, False, form, key, values, one(bad))
            condition_case(suite, f"{form} without the key", source, negated or exists, form, key, values, {})
            condition_case(suite, f"{form} of a list meets", source, True, form, key, [values], one(good))
        condition_case(suite, f"{op} meets no key of several values", MULTIVALUED, False, op, key, values, {key: [good, bad]})
        every, some = "ForAllValues:" + op, "ForAnyValue:" + op
        for form, all_good, mixed, all_bad, absent in ((every, True, False, False, True), (some, True, True, False, False)):
            condition_case(suite, f"{form} all values meet", MULTIVALUED, all_good, form, key, values, {key: [good, good]})
            condition_case(suite, f"{form} one of two values meets", MULTIVALUED, mixed, form, key, values, {key: [bad, good]})
            condition_case(suite, f"{form} no value meets", MULTIVALUED, all_bad, form, key, values, {key: [bad]})
            condition_case(suite, f"{form} without the key", MULTIVALUED, absent, form, key, values, {})


def special_condition_cases(suite):
    case = lambda *args, **more: condition_case(suite, *args, **more)
    for present, wanted in itertools.product((True, False), ("true", "false")):
        case(f"Null {wanted} where the key is {'there' if present else 'missing'}", OPERATORS, present == (wanted == "false"),
             "Null", "aws:TokenIssueTime", wanted, {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"} if present else {})
    case("Null true where the key is an empty list", OPERATORS, True, "Null", "aws:TagKeys", "true", {"aws:TagKeys": []})
    case("a bare boolean in the policy", GRAMMAR, True, "Bool", "aws:SecureTransport", True, {"aws:SecureTransport": "true"})
    case("a bare boolean in the context", GRAMMAR, True, "Bool", "aws:SecureTransport", "true", {"aws:SecureTransport": True})
    case("a bare number in the policy", GRAMMAR, True, "NumericLessThan", "s3:max-keys", 10, {"s3:max-keys": 9})
    case("keys ignore case", KEYS, True, "StringEquals", "AWS:sourceaccount", A, {"aws:SourceAccount": A})
    case("tag keys ignore case", KEYS, True, "StringEquals", "aws:PrincipalTag/COST", "1", {"aws:principaltag/cost": "1"})
    case("StringEquals minds case", OPERATORS, False, "StringEquals", "aws:username", "Ann", {"aws:username": "ann"})
    case("StringEquals takes * literally", OPERATORS, False, "StringEquals", "aws:username", "a*", {"aws:username": "ann"})
    case("StringEquals matches a literal *", OPERATORS, True, "StringEquals", "aws:username", "a*", {"aws:username": "a*"})
    case("StringLike minds case", OPERATORS, False, "StringLike", "aws:username", "A*", {"aws:username": "ann"})
    case("StringLike: ? is one character", OPERATORS, True, "StringLike", "aws:username", "a?n", {"aws:username": "ann"})
    case("StringLike: ? is no empty run", OPERATORS, False, "StringLike", "aws:username", "ann?", {"aws:username": "ann"})
    case("StringLike: * may be empty", OPERATORS, True, "StringLike", "aws:username", "ann*", {"aws:username": "ann"})
    case("StringLike is anchored", OPERATORS, False, "StringLike", "aws:username", "nn", {"aws:username": "ann"})
    case("several values are alternatives", OPERATORS, True, "StringEquals", "aws:username", ["bob", "ann"], {"aws:username": "ann"})
    case("several values of a negated operator are all excluded", OPERATORS, False, "StringNotEquals", "aws:username", ["bob", "ann"], {"aws:username": "ann"})
    case("a negated operator holds for a value in none of them", OPERATORS, True, "StringNotEquals", "aws:username", ["bob", "eve"], {"aws:username": "ann"})
    case("ArnLike: * stays within its part", OPERATORS, False, "ArnLike", "aws:SourceArn", "arn:aws:*:export/x", {"aws:SourceArn": f"arn:aws:cur:us-east-1:{A}:export/x"})
    case("ArnLike: the sixth part may hold colons", OPERATORS, True, "ArnLike", "aws:SourceArn", f"arn:aws:lambda:us-east-1:{A}:*", {"aws:SourceArn": f"arn:aws:lambda:us-east-1:{A}:function:f:1"})
    case("ArnLike: an empty part needs an empty part", OPERATORS, False, "ArnLike", "aws:SourceArn", "arn:aws:s3:::b", {"aws:SourceArn": f"arn:aws:s3::{A}:b"})
    case("ArnEquals takes wildcards", OPERATORS, True, "ArnEquals", "aws:SourceArn", "arn:aws:sns:*:*:t?pic", {"aws:SourceArn": f"arn:aws:sns:eu-west-1:{A}:topic"})
    case("IpAddress without a prefix is one address", OPERATORS, True, "IpAddress", "aws:SourceIp", "203.0.113.7", {"aws:SourceIp": "203.0.113.7"})
    case("IpAddress without a prefix is no other", OPERATORS, False, "IpAddress", "aws:SourceIp", "203.0.113.7", {"aws:SourceIp": "203.0.113.8"})
    case("IpAddress of version 6", OPERATORS, True, "IpAddress", "aws:SourceIp", "2001:DB8:1234:5678::/64", {"aws:SourceIp": "2001:db8:1234:5678::1"})
    case("IpAddress of version 6 outside", OPERATORS, False, "IpAddress", "aws:SourceIp", "2001:db8:1234:5678::/64", {"aws:SourceIp": "2001:db8:1234:5679::1"})
    case("IpAddress of the other version", OPERATORS, False, "IpAddress", "aws:SourceIp", "0.0.0.0/0", {"aws:SourceIp": "2001:db8::1"})
    case("NotIpAddress of the other version", OPERATORS, True, "NotIpAddress", "aws:SourceIp", "203.0.113.0/24", {"aws:SourceIp": "2001:db8::1"})
    case("IpAddress: bits past the prefix do not count", OPERATORS, True, "IpAddress", "aws:SourceIp", "203.0.113.99/24", {"aws:SourceIp": "203.0.113.1"})
    case("IpAddress /0 is everything", OPERATORS, True, "IpAddress", "aws:SourceIp", "0.0.0.0/0", {"aws:SourceIp": "8.8.8.8"})
    case("IpAddress /31", OPERATORS, False, "IpAddress", "aws:SourceIp", "203.0.113.6/31", {"aws:SourceIp": "203.0.113.8"})
    case("a variable of a key that is there", VARIABLES, True, "StringEquals", "s3:prefix", "${aws:username}", {"s3:prefix": "ann", "aws:username": "ann"})
    case("a variable with more text", VARIABLES, True, "StringLike", "s3:prefix", "home/${aws:username}/*", {"s3:prefix": "home/ann/x", "aws:username": "ann"})
    case("a variable's value is no pattern", VARIABLES, False, "StringLike", "s3:prefix", "${aws:username}", {"s3:prefix": "ann", "aws:username": "*"})
    case("a variable without a value", VARIABLES, False, "StringEquals", "s3:prefix", "${aws:username}", {"s3:prefix": "ann"})
    case("a negated operator holds against a variable without a value", VARIABLES, True, "StringNotEquals", "s3:prefix", "${aws:username}", {"s3:prefix": "ann"})
    case("a default where the key is missing", VARIABLES, True, "StringEquals", "s3:prefix", "${aws:username, 'guest'}", {"s3:prefix": "guest"})
    case("a default is not used where the key is there", VARIABLES, False, "StringEquals", "s3:prefix", "${aws:username, 'guest'}", {"s3:prefix": "guest", "aws:username": "ann"})
    case("a literal * in a pattern", VARIABLES, True, "StringLike", "s3:prefix", "a${*}*", {"s3:prefix": "a*bc"})
    case("a literal * matches no other character", VARIABLES, False, "StringLike", "s3:prefix", "a${*}*", {"s3:prefix": "abc"})
    case("a literal ? in a pattern", VARIABLES, True, "StringLike", "s3:prefix", "a${?}", {"s3:prefix": "a?"})
    case("a literal $ in a pattern", VARIABLES, True, "StringEquals", "s3:prefix", "${$}{x}", {"s3:prefix": "${x}"})
    case("the version of 2008 has no variables", VARIABLES, False, "StringEquals", "s3:prefix", "${aws:username}", {"s3:prefix": "ann", "aws:username": "ann"}, version="2008-10-17")
    case("the version of 2008 takes them literally", VARIABLES, True, "StringEquals", "s3:prefix", "${aws:username}", {"s3:prefix": "${aws:username}"}, version="2008-10-17")
    case("variables in ArnLike", VARIABLES, True, "ArnLike", "aws:SourceArn", f"arn:aws:iam::{A}:user/${{aws:username}}", {"aws:SourceArn": f"arn:aws:iam::{A}:user/ann", "aws:username": "ann"})
    case("ForAllValues over nothing", MULTIVALUED, True, "ForAllValues:StringEquals", "aws:TagKeys", ["a"], {"aws:TagKeys": []})
    case("ForAnyValue over nothing", MULTIVALUED, False, "ForAnyValue:StringEquals", "aws:TagKeys", ["a"], {"aws:TagKeys": []})
    case("ForAllValues: values in the list", MULTIVALUED, True, "ForAllValues:StringEquals", "aws:TagKeys", ["env", "cost"], {"aws:TagKeys": ["cost", "env"]})
    case("ForAllValues: one value outside the list", MULTIVALUED, False, "ForAllValues:StringEquals", "aws:TagKeys", ["env", "cost"], {"aws:TagKeys": ["cost", "x"]})
    case("ForAnyValue: organization paths", KEYS, True, "ForAnyValue:StringLike", "aws:PrincipalOrgPaths", ["o-a1/*/ou-1/*"], {"aws:PrincipalOrgPaths": ["o-a1/r-1/ou-1/ou-2/"]})
    case("numbers compare as numbers", OPERATORS, True, "NumericGreaterThan", "s3:max-keys", "9", {"s3:max-keys": "10"})
    case("what is no number compares with none", OPERATORS, False, "NumericLessThan", "s3:max-keys", "10", {"s3:max-keys": "few"})
    case("fractions of a second count", OPERATORS, True, "DateLessThan", "aws:CurrentTime", "2026-01-01T00:00:00.500Z", {"aws:CurrentTime": "2026-01-01T00:00:00.250Z"})
    two = lambda a, b: {"StringEquals": {"aws:SourceAccount": A}, "Bool": {"aws:SecureTransport": "true"}}
    for account, tls in itertools.product((A, B), ("true", "false")):
        suite.add(f"two operators are both asked: {account} {tls}", OPERATORS, ALLOWED if (account, tls) == (A, "true") else IMPLICIT,
                  request(f"arn:aws:iam::{A}:user/reader", "s3:ListBucket", BUCKET, {"aws:SourceAccount": account, "aws:SecureTransport": tls}),
                  identity_policies=named(policy(allow("s3:*", "*", Condition=two(account, tls)))))
    for name, team in itertools.product(("ann", "bob"), ("x", "y")):
        suite.add(f"two keys are both asked: {name} {team}", OPERATORS, ALLOWED if (name, team) == ("ann", "x") else IMPLICIT,
                  request(f"arn:aws:iam::{A}:user/reader", "s3:ListBucket", BUCKET, {"aws:username": name, "aws:PrincipalTag/t": team}),
                  identity_policies=named(policy(allow("s3:*", "*", Condition={"StringEquals": {"aws:username": "ann", "aws:PrincipalTag/t": "x"}}))))


# --- actions and resources ---------------------------------------------------------------------------------------

def element_cases(suite):
    user = f"arn:aws:iam::{A}:user/reader"

    def case(name, source, applies, statement, action="s3:GetObject", resource=OBJECT, context=None, version="2012-10-17"):
        suite.add(name, source, ALLOWED if applies else IMPLICIT, request(user, action, resource, context),
                  identity_policies=named(policy({"Effect": "Allow", **statement}, version=version)))

    for pattern, applies in [("s3:GetObject", True), ("S3:getobject", True), ("s3:GET*", True), ("*", True), ("s3:*", True),
                             ("s3:*Object", True), ("s3:Get?bject", True), ("s3:GetObject?", False), ("s3:Get", False),
                             ("s3:PutObject", False), ("s3-outposts:GetObject", False), ("s3:*Objects", False), ("s3:G*t*j*t", True),
                             ("s3:?*", True), ("ec2:*", False), ("s3:GetObject*", True), ("s3:*etO*", True)]:
        case(f"Action {pattern}", ACTION, applies, {"Action": pattern, "Resource": "*"})
        case(f"Action list with {pattern}", ACTION, applies, {"Action": ["iam:GetUser", pattern], "Resource": "*"})
        case(f"NotAction {pattern}", NOT_ACTION, not applies, {"NotAction": pattern, "Resource": "*"})
    for pattern, applies in [(OBJECT, True), (OBJECTS, True), ("*", True), (BUCKET, False), (BUCKET + "/", False), (BUCKET + "*", True),
                             (BUCKET + "/cur2/*", True), (BUCKET + "/*/a.parquet", True), (BUCKET + "/*.parquet", True),
                             (BUCKET + "/cur2/?.parquet", True), (BUCKET + "/cur2/??.parquet", False), (BUCKET + "/CUR2/*", False),
                             ("arn:aws:s3:::*/a.parquet", True), ("arn:*:s3:::acme-billing/*", True), ("arn:aws-cn:s3:::acme-billing/*", False),
                             ("arn:aws:s3:us-east-1::acme-billing/*", False), ("arn:aws:s3:*:*:acme-billing/*", True),
                             ("arn:aws:s3:::*", True), ("arn:aws:s3:::other/*", False), ("arn:aws:sqs:::acme-billing/*", False)]:
        case(f"Resource {pattern}", RESOURCE, applies, {"Action": "s3:GetObject", "Resource": pattern})
        case(f"NotResource {pattern}", NOT_RESOURCE, not applies, {"Action": "s3:GetObject", "NotResource": pattern})
    function = f"arn:aws:lambda:eu-west-1:{A}:function:export:7"
    for pattern, applies in [("arn:aws:lambda", True), ("arn:aws:lambda:eu-west-1", True), ("arn:aws:s3", False),
                             (f"arn:aws:lambda:*:{A}:function:export:*", True), ("arn:aws:lambda:*:function:export:7", True),
                             (f"arn:aws:lambda:eu-*-1:{A}:function:*", True), (f"arn:aws:lambda:eu-*-2:{A}:function:*", False),
                             (f"arn:aws:lambda:eu-west-?:{A}:*", True), (f"arn:aws:lambda:eu?west-1:{A}:function:expor?:7", True),
                             (f"arn:aws:lambda:eu-west-1:{B}:*", False), (f"arn:aws:lambda:eu-west-1:{A}:function:export", False)]:
        case(f"Resource {pattern} for a function", RESOURCE, applies, {"Action": "lambda:*", "Resource": pattern}, "lambda:InvokeFunction", function)
    home = lambda text: {"Action": "s3:GetObject", "Resource": text}
    ann = "arn:aws:s3:::acme-billing/home/ann/x"
    case("a variable in Resource", VARIABLES, True, home(BUCKET + "/home/${aws:username}/*"), resource=ann, context={"aws:username": "ann"})
    case("a variable's name ignores case", VARIABLES, True, home(BUCKET + "/home/${AWS:UserName}/*"), resource=ann, context={"aws:username": "ann"})
    case("another user's folder", VARIABLES, False, home(BUCKET + "/home/${aws:username}/*"), resource=ann, context={"aws:username": "bob"})
    case("a variable without a value matches nothing", VARIABLES, False, home(BUCKET + "/home/${aws:username}/*"), resource=ann)
    case("NotResource: an entry without a value excludes nothing", VARIABLES, True, {"Action": "s3:GetObject", "NotResource": BUCKET + "/home/${aws:username}/*"}, resource=ann)
    case("a variable with a default", VARIABLES, True, home(BUCKET + "/home/${aws:username, 'ann'}/*"), resource=ann)
    case("a value with a star is no wildcard", VARIABLES, False, home(BUCKET + "/home/${aws:username}/*"), resource=ann, context={"aws:username": "*"})
    case("a key of several values is no variable", VARIABLES, False, home(BUCKET + "/home/${aws:username}/*"), resource=ann, context={"aws:username": ["ann", "bob"]})
    case("no variables in the version of 2008", VARIABLES, False, home(BUCKET + "/home/${aws:username}/*"), resource=ann, context={"aws:username": "ann"}, version="2008-10-17")
    case("no variables before the fifth colon", VARIABLES, False, home("arn:aws:s3::${aws:PrincipalAccount}:acme-billing/*"), resource=f"arn:aws:s3::{A}:acme-billing/x", context={"aws:PrincipalAccount": A})
    case("a literal star in a key", VARIABLES, True, home(BUCKET + "/${*}"), resource=BUCKET + "/*")
    case("a literal star is no wildcard", VARIABLES, False, home(BUCKET + "/${*}"), resource=BUCKET + "/x")
    case("an action without resources needs *", RESOURCE, False, {"Action": "s3:ListAllMyBuckets", "Resource": "arn:aws:s3:::*"}, "s3:ListAllMyBuckets", "*")
    case("an action without resources under *", RESOURCE, True, {"Action": "s3:ListAllMyBuckets", "Resource": "*"}, "s3:ListAllMyBuckets", "*")


# --- who is named, and what limits it ----------------------------------------------------------------------------

USER, ROLE = f"arn:aws:iam::{A}:user/ann", f"arn:aws:iam::{A}:role/reader"
SESSION, FEDERATED = f"arn:aws:sts::{A}:assumed-role/reader/s1", f"arn:aws:sts::{A}:federated-user/ann"
# caller, whom the bucket policy names, and what that means: None (not this caller), "account", "role", "user", "caller"
MEANINGS = [
    (USER, {"AWS": USER}, "user"), (USER, "*", "caller"), (USER, {"AWS": "*"}, "caller"), (USER, {"AWS": A}, "account"),
    (USER, {"AWS": f"arn:aws:iam::{A}:root"}, "account"), (USER, {"AWS": f"arn:aws:iam::{A}:user/bob"}, None),
    (USER, {"AWS": f"arn:aws:iam::{A}:user/team/ann"}, None), (USER, {"AWS": B}, None), (USER, {"Service": EXPORTER}, None),
    (SESSION, {"AWS": SESSION}, "caller"), (SESSION, {"AWS": ROLE}, "role"), (SESSION, {"AWS": f"arn:aws:iam::{A}:role/team/reader"}, "role"),
    (SESSION, {"AWS": f"arn:aws:sts::{A}:assumed-role/reader/s2"}, None), (SESSION, {"AWS": A}, "account"), (SESSION, "*", "caller"),
    (SESSION, {"AWS": f"arn:aws:iam::{A}:role/writer"}, None), (SESSION, {"AWS": f"arn:aws:iam::{B}:role/reader"}, None),
    (FEDERATED, {"AWS": FEDERATED}, "caller"), (FEDERATED, {"AWS": USER}, "role"), (FEDERATED, {"AWS": A}, "account"),
    (FEDERATED, {"AWS": "*"}, "caller"), (FEDERATED, {"AWS": f"arn:aws:sts::{A}:federated-user/bob"}, None),
    (USER, {"AWS": "AIDAEXAMPLEEXAMPLE12"}, None),
]
READ, OTHER = policy(allow("s3:GetObject", OBJECTS)), policy(allow("ec2:*", "*"))


def same_account_expectation(meaning, identity, boundary, session):
    """The table of "Determining whether a request is allowed or denied within an account"; boundary, session: None, or whether it allows."""
    bounded, limited = boundary is not False, session is not False
    if meaning == "caller" or (meaning == "user" and limited) or (meaning == "role" and bounded and limited):
        return ALLOWED
    return ALLOWED if identity and bounded and limited else IMPLICIT


def principal_cases(suite):
    for caller, who, meaning in MEANINGS:
        for identity, boundary in itertools.product((False, True), (None, True, False)):
            for session in ((None, True, False) if caller in (SESSION, FEDERATED) and boundary is None else (None,)):
                label = f"{caller.split(':')[-1]} by {json.dumps(who)}, identity {identity}, boundary {boundary}, session {session}"
                suite.add(label, SAME_ACCOUNT, same_account_expectation(meaning, identity, boundary, session),
                          request(caller, "s3:GetObject", OBJECT),
                          identity_policies=named(READ) if identity else None,
                          permission_boundaries=None if boundary is None else named(FULL if boundary else OTHER),
                          session_policy=None if session is None else (FULL if session else OTHER),
                          resource_policy=policy(allow("s3:GetObject", OBJECTS, Principal=who)))
    for caller, who, meaning in MEANINGS:
        for identity in (False, True):
            foreign = request(caller, "s3:GetObject", OBJECT, account=B)
            suite.add(f"across accounts: {caller.split(':')[-1]} by {json.dumps(who)}, identity {identity}", CROSS_ACCOUNT,
                      ALLOWED if meaning and identity else IMPLICIT, foreign,
                      identity_policies=named(READ) if identity else None,
                      resource_policy=policy(allow("s3:GetObject", OBJECTS, Principal=who)))
        suite.add(f"a Deny for {json.dumps(who)} on {caller.split(':')[-1]}", PRINCIPAL, DENIED if meaning else ALLOWED,
                  request(caller, "s3:GetObject", OBJECT), identity_policies=named(READ),
                  resource_policy=policy(deny("s3:*", "*", Principal=who)))


def order_cases(suite):
    ask = request(USER, "s3:GetObject", OBJECT)
    stop = policy(deny("s3:GetObject", "*"))
    full = named(FULL)
    add = suite.add
    add("no policy at all", SAME_ACCOUNT, IMPLICIT, ask)
    add("an identity policy alone", SAME_ACCOUNT, ALLOWED, ask, identity_policies=full)
    add("a union of identity policies", SAME_ACCOUNT, ALLOWED, ask, identity_policies=named(OTHER, READ))
    add("a Deny beats an Allow, whatever the order", SAME_ACCOUNT, DENIED, ask, identity_policies=named(stop, FULL))
    add("a Deny in the last of many", SAME_ACCOUNT, DENIED, ask, identity_policies=named(FULL, OTHER, READ, stop))
    add("a Deny for another action", SAME_ACCOUNT, ALLOWED, ask, identity_policies=named(FULL, policy(deny("s3:PutObject", "*"))))
    add("a Deny by a boundary", BOUNDARIES, DENIED, ask, identity_policies=full, permission_boundaries=named(FULL, stop))
    add("a boundary grants nothing", BOUNDARIES, IMPLICIT, ask, permission_boundaries=full)
    add("a boundary that does not allow", BOUNDARIES, IMPLICIT, ask, identity_policies=full, permission_boundaries=named(OTHER))
    add("an empty list of boundaries is none", BOUNDARIES, ALLOWED, ask, identity_policies=full, permission_boundaries=[])
    session = request(SESSION, "s3:GetObject", OBJECT)
    add("a session policy grants nothing", SESSIONS, IMPLICIT, session, session_policy=FULL)
    add("a session policy limits", SESSIONS, IMPLICIT, session, identity_policies=full, session_policy=OTHER)
    add("a session policy that allows", SESSIONS, ALLOWED, session, identity_policies=full, session_policy=READ)
    add("a Deny by a session policy", SESSIONS, DENIED, session, identity_policies=full, session_policy=policy(FULL["Statement"][0], deny("s3:*", "*")))
    for levels, expect in [([[FULL]], ALLOWED), ([[FULL], [FULL]], ALLOWED), ([[FULL], [OTHER]], IMPLICIT), ([[OTHER], [FULL]], IMPLICIT),
                           ([[FULL], []], IMPLICIT), ([[]], IMPLICIT), ([[OTHER, READ], [FULL]], ALLOWED), ([[FULL, stop]], DENIED),
                           ([[FULL], [FULL], [stop]], DENIED), ([[READ], [READ], [READ]], ALLOWED), ([], ALLOWED)]:
        control = [named(*level) for level in levels]
        shape = "/".join("+".join({id(FULL): "full", id(OTHER): "other", id(READ): "read", id(stop): "deny"}[id(p)] for p in level) or "none" for level in levels) or "no level"
        add(f"SCPs {shape}", SCP, expect, ask, identity_policies=full, service_control_policies=control)
        add(f"RCPs {shape}", RCP, expect, ask, identity_policies=full, resource_control_policies=control)
        add(f"SCPs {shape}, allowed by the bucket", SCP, expect, ask, service_control_policies=control,
            resource_policy=policy(allow("s3:*", "*", Principal={"AWS": USER})))
        add(f"SCPs {shape} bind the root user", SCP, expect, request(f"arn:aws:iam::{A}:root", "s3:GetObject", OBJECT), service_control_policies=control)
        if levels and levels != [[FULL]]:
            add(f"SCPs {shape} do not bind a service", SCP, ALLOWED, request(EXPORTER, "s3:PutObject", OBJECT), service_control_policies=control,
                resource_policy=policy(allow("s3:PutObject", OBJECTS, Principal={"Service": EXPORTER})))
    linked = f"arn:aws:sts::{A}:assumed-role/AWSServiceRoleForSupport/s"
    add("SCPs do not bind service-linked roles", SCP, ALLOWED, request(linked, "s3:GetObject", OBJECT), identity_policies=full, service_control_policies=[named(stop)])
    add("RCPs do not bind service-linked roles", RCP, ALLOWED, request(linked, "s3:GetObject", OBJECT), identity_policies=full, resource_control_policies=[named(stop)])
    everything = policy(deny("*", "*"))
    for action, resource, bound in [("s3:GetObject", OBJECT, True), ("kms:Decrypt", f"arn:aws:kms:us-east-1:{A}:alias/x", True),
                                    ("sqs:SendMessage", f"arn:aws:sqs:us-east-1:{A}:q", True), ("secretsmanager:GetSecretValue", f"arn:aws:secretsmanager:us-east-1:{A}:secret:s", True),
                                    ("ec2:StopInstances", f"arn:aws:ec2:us-east-1:{A}:instance/i-1", False), ("iam:GetUser", USER, False),
                                    ("kms:RetireGrant", f"arn:aws:kms:us-east-1:{A}:alias/x", False)]:
        add(f"RCPs and {action}", RCP, DENIED if bound else ALLOWED, request(USER, action, resource), identity_policies=full, resource_control_policies=[named(FULL, everything)])
    add("anonymous under a public policy", PRINCIPAL, ALLOWED, request("*", "s3:GetObject", OBJECT), resource_policy=policy(allow("s3:GetObject", OBJECTS, Principal="*")))
    add("anonymous under an account's policy", PRINCIPAL, IMPLICIT, request("*", "s3:GetObject", OBJECT), resource_policy=policy(allow("s3:GetObject", OBJECTS, Principal={"AWS": A})))
    add("anonymous has no identity policies", PRINCIPAL, IMPLICIT, request("*", "s3:GetObject", OBJECT), identity_policies=full)
    add("anonymous under RCPs", RCP, DENIED, request("*", "s3:GetObject", OBJECT), resource_policy=policy(allow("s3:GetObject", OBJECTS, Principal="*")), resource_control_policies=[named(FULL, stop)])
    root = f"arn:aws:iam::{A}:root"
    add("the root user needs no policy", ROOT_USER, ALLOWED, request(root, "s3:GetObject", OBJECT))
    add("the root user under a Deny of the bucket", ROOT_USER, DENIED, request(root, "s3:GetObject", OBJECT), resource_policy=policy(deny("s3:*", "*", Principal="*")))
    for verb in ("Get", "Put", "Delete"):
        add(f"the root user always reaches the policy: {verb}BucketPolicy", S3_POLICY, ALLOWED, request(root, f"s3:{verb}BucketPolicy", BUCKET), resource_policy=policy(deny("s3:*", "*", Principal="*")))
    add("another's root user does not", S3_POLICY, DENIED, request(f"arn:aws:iam::{B}:root", "s3:PutBucketPolicy", BUCKET), resource_policy=policy(deny("s3:*", "*", Principal="*")))
    add("the root user across accounts", CROSS_ACCOUNT, ALLOWED, request(root, "s3:GetObject", OBJECT, account=B), resource_policy=policy(allow("s3:GetObject", OBJECTS, Principal={"AWS": A})))
    add("the root user across accounts without leave", CROSS_ACCOUNT, IMPLICIT, request(root, "s3:GetObject", OBJECT, account=B))
    add("sts:GetCallerIdentity despite a Deny", STS + "API_GetCallerIdentity.html", ALLOWED, request(USER, "sts:GetCallerIdentity", "*"), identity_policies=named(everything))
    add("sts:GetSessionToken without a policy", SAME_ACCOUNT, IMPLICIT, request(USER, "sts:GetFederationToken", USER))


def key_cases(suite):
    key, ask = f"arn:aws:kms:us-east-1:{A}:key/k-1", "kms:Decrypt"
    full = named(FULL)
    for caller, who, meaning in MEANINGS:
        for identity in (False, True):
            direct = meaning in ("caller", "user", "role")
            expect = ALLOWED if direct or (meaning == "account" and identity) else IMPLICIT
            suite.add(f"key policy {json.dumps(who)} and {caller.split(':')[-1]}, identity {identity}", KMS, expect, request(caller, ask, key),
                      identity_policies=full if identity else None, resource_policy=policy(allow("kms:*", "*", Principal=who)))
    suite.add("no key policy", KMS, IMPLICIT, request(USER, ask, key), identity_policies=full)
    suite.add("the root user needs the key policy too", KMS, IMPLICIT, request(f"arn:aws:iam::{A}:root", ask, key), resource_policy=policy(allow("kms:*", "*", Principal={"AWS": USER})))
    suite.add("kms:ListKeys has no key", KMS, ALLOWED, request(USER, "kms:ListKeys", "*"), identity_policies=full)
    role, trust = f"arn:aws:iam::{A}:role/target", lambda who: policy({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": who})
    page = STS + "API_AssumeRole.html"
    for who, identity, expect in [({"AWS": USER}, False, ALLOWED), ({"AWS": A}, False, IMPLICIT), ({"AWS": A}, True, ALLOWED),
                                  ({"AWS": f"arn:aws:iam::{A}:user/bob"}, True, IMPLICIT), ({"Service": "ec2.amazonaws.com"}, True, IMPLICIT),
                                  ("*", False, ALLOWED), ({"AWS": B}, True, IMPLICIT)]:
        suite.add(f"trust policy {json.dumps(who)}, identity {identity}", page, expect, request(USER, "sts:AssumeRole", role),
                  identity_policies=full if identity else None, resource_policy=trust(who))
    suite.add("a trust policy across accounts needs the caller's side", page, IMPLICIT, request(f"arn:aws:iam::{B}:user/eve", "sts:AssumeRole", role), resource_policy=trust({"AWS": B}))
    suite.add("a trust policy across accounts, both sides", page, ALLOWED, request(f"arn:aws:iam::{B}:user/eve", "sts:AssumeRole", role), resource_policy=trust({"AWS": B}), identity_policies=full)
    suite.add("no trust policy", page, IMPLICIT, request(USER, "sts:AssumeRole", role), identity_policies=full)
    suite.add("a service assumes a role that trusts it", page, ALLOWED, request("ec2.amazonaws.com", "sts:AssumeRole", role), resource_policy=trust({"Service": "ec2.amazonaws.com"}))
    suite.add("a service assumes a role that trusts another", page, IMPLICIT, request("lambda.amazonaws.com", "sts:AssumeRole", role), resource_policy=trust({"Service": "ec2.amazonaws.com"}))
    suite.add("the root user assumes no role", page, IMPLICIT, request(f"arn:aws:iam::{A}:root", "sts:AssumeRole", role), resource_policy=trust({"AWS": A}))
    provider = f"arn:aws:iam::{A}:oidc-provider/token.actions.githubusercontent.com"
    web = {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": provider}}
    suite.add("a provider that the role trusts", STS + "API_AssumeRoleWithWebIdentity.html", ALLOWED, request(provider, "sts:AssumeRoleWithWebIdentity", role), resource_policy=policy(web))
    suite.add("a provider that the role does not trust", STS + "API_AssumeRoleWithWebIdentity.html", IMPLICIT, request(f"arn:aws:iam::{A}:oidc-provider/x.example", "sts:AssumeRoleWithWebIdentity", role), resource_policy=policy(web))


def not_principal_cases(suite):
    def case(name, caller, who, expect, **more):
        suite.add(name, NOT_PRINCIPAL, expect, request(caller, "s3:GetObject", OBJECT), identity_policies=named(FULL),
                  resource_policy=policy({"Effect": "Deny", "NotPrincipal": who, "Action": "s3:*", "Resource": "*"}), **more)

    root, bob = f"arn:aws:iam::{A}:root", f"arn:aws:iam::{A}:user/bob"
    case("NotPrincipal spares user and account", USER, {"AWS": [USER, root]}, ALLOWED)
    case("NotPrincipal denies another user of a listed account", bob, {"AWS": [USER, root]}, DENIED)
    case("NotPrincipal denies whom it does not list", USER, {"AWS": bob}, DENIED)
    case("NotPrincipal with role, session and account", SESSION, {"AWS": [SESSION, ROLE, root]}, ALLOWED)
    case("NotPrincipal with the role alone denies its sessions", SESSION, {"AWS": [ROLE]}, DENIED)
    case("NotPrincipal with another session", SESSION, {"AWS": [ROLE, f"arn:aws:sts::{A}:assumed-role/reader/s2"]}, DENIED)
    case("NotPrincipal denies whoever has a boundary", USER, {"AWS": [USER, root]}, DENIED, permission_boundaries=named(FULL))
    case("NotPrincipal spares a listed federated user", FEDERATED, {"AWS": [FEDERATED, root]}, ALLOWED)


# --- deliveries --------------------------------------------------------------------------------------------------

def delivery_policies():
    source = lambda op, arn: {op: {"aws:SourceArn": arn}, "StringEquals": {"aws:SourceAccount": A}}
    exports, reports = f"arn:aws:bcm-data-exports:us-east-1:{A}:export/*", f"arn:aws:cur:us-east-1:{A}:definition/*"
    today = policy({"Sid": "EnableAWSDataExportsToWriteToS3", "Effect": "Allow", "Principal": {"Service": EXPORTER}, "Action": "s3:PutObject",
                    "Resource": OBJECTS, "Condition": source("ArnLike", exports)})
    before = policy({"Effect": "Allow", "Principal": {"Service": [EXPORTER]}, "Action": ["s3:PutObject"], "Resource": [OBJECTS],
                     "Condition": {"StringLike": {"aws:SourceArn": exports, "aws:SourceAccount": A}}})
    both = policy({"Sid": "EnableAWSDataExportsToWriteToS3AndCheckPolicy", "Effect": "Allow", "Principal": {"Service": [REPORTER, EXPORTER]},
                   "Action": ["s3:PutObject", "s3:GetBucketPolicy"], "Resource": [BUCKET, OBJECTS],
                   "Condition": {"StringLike": {"aws:SourceAccount": A, "aws:SourceArn": [reports, exports]}}})
    exact = {"StringEquals": {"aws:SourceArn": reports, "aws:SourceAccount": A}}
    legacy = policy({"Effect": "Allow", "Principal": {"Service": REPORTER}, "Action": ["s3:GetBucketAcl", "s3:GetBucketPolicy"], "Resource": BUCKET, "Condition": exact},
                    {"Effect": "Allow", "Principal": {"Service": REPORTER}, "Action": "s3:PutObject", "Resource": OBJECTS, "Condition": exact})
    put, check = ("s3:PutObject", OBJECT), ("s3:GetBucketPolicy", BUCKET)
    is_export = lambda arn: bool(arn) and arn.startswith(exports[:-1])
    is_report = lambda arn: bool(arn) and arn.startswith(reports[:-1])
    return [
        ("today", EXPORTS, today, {EXPORTER}, {put}, is_export),
        ("StringLike", EXPORTS, before, {EXPORTER}, {put}, is_export),
        ("combined", EXPORTS, both, {EXPORTER, REPORTER}, {put, check}, lambda arn: is_export(arn) or is_report(arn)),
        ("legacy", LEGACY, legacy, {REPORTER}, {put, check, ("s3:GetBucketAcl", BUCKET)}, lambda arn: arn == reports),
    ]


def delivery_cases(suite):
    asked = [("s3:PutObject", OBJECT), ("s3:GetBucketPolicy", BUCKET), ("s3:GetObject", OBJECT)]
    foreign = EXPORT_ARN.replace(A, B)
    arns = {"its own": None, "another account's": foreign, "none": ""}
    for name, page, document, services, actions, arn_fits in delivery_policies():
        literal = f"arn:aws:cur:us-east-1:{A}:definition/*"
        for service, (action, resource), which, account in itertools.product((EXPORTER, REPORTER), asked, arns, (A, B, None)):
            if action != "s3:PutObject" and (which != "its own" or account != A):
                continue
            own = EXPORT_ARN if service == EXPORTER else literal
            arn = {"its own": own, "another account's": foreign, "none": None}[which]
            context = {"aws:SecureTransport": "true", "aws:PrincipalIsAWSService": "true", "aws:PrincipalServiceName": service}
            if arn:
                context["aws:SourceArn"] = [arn]
            if account:
                context["aws:SourceAccount"] = [account]
            fits = service in services and (action, resource) in actions and arn_fits(arn) and account == A
            suite.add(f"{name}: {service} {action}, SourceArn {which}, SourceAccount {account}", page, ALLOWED if fits else IMPLICIT,
                      request(service, action, resource, context), resource_policy=document)


# Denies in delivery buckets: name, page, Condition (or statement), context, whether it stops the service
ENCRYPTION, ORG, VPCE, SERVICE = "s3:x-amz-server-side-encryption", "aws:PrincipalOrgID", "aws:SourceVpce", "aws:PrincipalIsAWSService"
DENIES = [
    ("plain HTTP denied, over TLS", S3_EXAMPLES, {"Bool": {"aws:SecureTransport": "false"}}, {}, False),
    ("plain HTTP denied, without TLS", S3_EXAMPLES, {"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": "false"}, True),
    ("plain HTTP denied, key missing", S3_EXAMPLES, {"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": None}, False),
    ("plain HTTP denied with IfExists, key missing", OPERATORS, {"BoolIfExists": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": None}, True),
    ("old TLS denied, TLS 1.2", S3_EXAMPLES, {"NumericLessThan": {"s3:TlsVersion": 1.2}}, {"s3:TlsVersion": "1.2"}, False),
    ("old TLS denied, TLS 1.1", S3_EXAMPLES, {"NumericLessThan": {"s3:TlsVersion": "1.2"}}, {"s3:TlsVersion": "1.1"}, True),
    ("old TLS denied, version missing", S3_EXAMPLES, {"NumericLessThan": {"s3:TlsVersion": "1.2"}}, {}, False),
    ("old TLS denied with IfExists, version missing", OPERATORS, {"NumericLessThanIfExists": {"s3:TlsVersion": "1.2"}}, {}, True),
    ("KMS demanded, no header", S3_EXAMPLES, {"StringNotEquals": {ENCRYPTION: "aws:kms"}}, {}, True),
    ("KMS demanded, AES256", S3_EXAMPLES, {"StringNotEquals": {ENCRYPTION: "aws:kms"}}, {ENCRYPTION: "AES256"}, True),
    ("KMS demanded, aws:kms", S3_EXAMPLES, {"StringNotEquals": {ENCRYPTION: "aws:kms"}}, {ENCRYPTION: "aws:kms"}, False),
    ("KMS or AES256 demanded, AES256", S3_EXAMPLES, {"StringNotEquals": {ENCRYPTION: ["aws:kms", "AES256"]}}, {ENCRYPTION: "AES256"}, False),
    ("KMS demanded of those who send a header, none", OPERATORS, {"StringNotEquals": {ENCRYPTION: "aws:kms"}, "Null": {ENCRYPTION: "false"}}, {}, False),
    ("KMS demanded of those who send a header, AES256", OPERATORS, {"StringNotEquals": {ENCRYPTION: "aws:kms"}, "Null": {ENCRYPTION: "false"}}, {ENCRYPTION: "AES256"}, True),
    ("KMS demanded with IfExists, no header", OPERATORS, {"StringNotEqualsIfExists": {ENCRYPTION: "aws:kms"}}, {}, True),
    ("a header demanded by Null, none", S3_EXAMPLES, {"Null": {ENCRYPTION: "true"}}, {}, True),
    ("a header demanded by Null, AES256", S3_EXAMPLES, {"Null": {ENCRYPTION: "true"}}, {ENCRYPTION: "AES256"}, False),
    ("customer keys denied, none sent", S3_EXAMPLES, {"Null": {"s3:x-amz-server-side-encryption-customer-algorithm": "false"}}, {}, False),
    ("an ACL demanded, none", S3_EXAMPLES, {"StringNotEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}, {}, True),
    ("an ACL demanded, sent", S3_EXAMPLES, {"StringNotEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}, {"s3:x-amz-acl": "bucket-owner-full-control"}, False),
    ("outsiders denied by organization", KEYS, {"StringNotEquals": {ORG: "o-a1b2"}}, {}, True),
    ("outsiders denied by organization with IfExists", OPERATORS, {"StringNotEqualsIfExists": {ORG: "o-a1b2"}}, {}, True),
    ("outsiders denied where they have an organization", OPERATORS, {"StringNotEquals": {ORG: "o-a1b2"}, "Null": {ORG: "false"}}, {}, False),
    ("outsiders denied, services not", KEYS, {"StringNotEquals": {ORG: "o-a1b2"}, "Bool": {SERVICE: "false"}}, {}, False),
    ("outsiders denied, services not, with IfExists", KEYS, {"StringNotEqualsIfExists": {ORG: "o-a1b2"}, "BoolIfExists": {SERVICE: "false"}}, {}, False),
    ("outsiders denied, services not, service key missing", KEYS, {"StringNotEqualsIfExists": {ORG: "o-a1b2"}, "BoolIfExists": {SERVICE: "false"}}, {SERVICE: None}, True),
    ("outsiders denied by source organization, ours", DEPUTY, {"StringNotEquals": {"aws:SourceOrgID": "o-a1b2"}}, {"aws:SourceOrgID": "o-a1b2"}, False),
    ("outsiders denied by source organization, another", DEPUTY, {"StringNotEquals": {"aws:SourceOrgID": "o-a1b2"}}, {"aws:SourceOrgID": "o-zzzz"}, True),
    ("outsiders denied by source organization, none", DEPUTY, {"StringNotEquals": {"aws:SourceOrgID": "o-a1b2"}}, {}, True),
    ("outsiders denied by path, ours", DEPUTY, {"ForAllValues:StringNotLike": {"aws:SourceOrgPaths": "o-a1b2/r-1/*"}}, {"aws:SourceOrgPaths": ["o-a1b2/r-1/ou-2/"]}, False),
    ("outsiders denied by path, another", DEPUTY, {"ForAllValues:StringNotLike": {"aws:SourceOrgPaths": "o-a1b2/r-1/*"}}, {"aws:SourceOrgPaths": ["o-a1b2/r-2/"]}, True),
    ("outsiders denied by path, none", MULTIVALUED, {"ForAllValues:StringNotLike": {"aws:SourceOrgPaths": "o-a1b2/r-1/*"}}, {}, True),
    ("outsiders denied by any path, none", MULTIVALUED, {"ForAnyValue:StringNotLike": {"aws:SourceOrgPaths": "o-a1b2/r-1/*"}}, {}, False),
    ("all but an endpoint denied", S3_EXAMPLES, {"StringNotEquals": {VPCE: "vpce-1a2b"}}, {}, True),
    ("all but a VPC denied", S3_EXAMPLES, {"StringNotEquals": {"aws:SourceVpc": "vpc-1a2b"}}, {}, True),
    ("all but an endpoint denied, services not", KEYS, {"StringNotEquals": {VPCE: "vpce-1a2b"}, "BoolIfExists": {SERVICE: "false"}}, {}, False),
    ("all but an endpoint denied, of those that use one", OPERATORS, {"StringNotEquals": {VPCE: "vpce-1a2b"}, "Null": {VPCE: "false"}}, {}, False),
    ("an endpoint denied", S3_EXAMPLES, {"StringEquals": {VPCE: "vpce-1a2b"}}, {}, False),
    ("all but an endpoint or a service's own call", KEYS, {"StringNotEqualsIfExists": {VPCE: "vpce-1a2b"}, "BoolIfExists": {"aws:ViaAWSService": "false", SERVICE: "false"}}, {}, False),
    ("all but some addresses denied, address unknown", S3_EXAMPLES, {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {}, True),
    ("all but some addresses denied, services not", KEYS, {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "BoolIfExists": {SERVICE: "false"}}, {}, False),
    ("some addresses denied, address unknown", S3_EXAMPLES, {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, {}, False),
    ("all but one role denied", PRINCIPAL, {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{A}:role/admin"}}, {}, True),
    ("all but one role denied, services not", PRINCIPAL, {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{A}:role/admin"}, "Bool": {SERVICE: "false"}}, {}, False),
    ("one role denied", PRINCIPAL, {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{A}:role/intern"}}, {}, False),
    ("all but one account denied", KEYS, {"StringNotEquals": {"aws:PrincipalAccount": A}}, {}, True),
    ("other sources denied, ours", DEPUTY, {"StringNotEquals": {"aws:SourceAccount": A}}, {}, False),
    ("other sources denied, list", DEPUTY, {"StringNotEquals": {"aws:SourceAccount": [B, A]}}, {}, False),
    ("other sources denied, another", DEPUTY, {"StringNotEquals": {"aws:SourceAccount": B}}, {}, True),
    ("other exports denied, ours", DEPUTY, {"ArnNotLike": {"aws:SourceArn": [f"arn:aws:bcm-data-exports:*:{A}:export/*", f"arn:aws:cur:*:{A}:definition/*"]}}, {}, False),
    ("other exports denied, another", DEPUTY, {"ArnNotEquals": {"aws:SourceArn": f"arn:aws:cloudtrail:*:{A}:trail/*"}}, {}, True),
    ("calls without a source denied", DEPUTY, {"Null": {"aws:SourceArn": "true"}, "Bool": {SERVICE: "true"}}, {}, False),
    ("calls of services denied", KEYS, {"Bool": {SERVICE: "true"}}, {}, True),
    ("services by name denied, others", KEYS, {"ForAnyValue:StringEquals": {"aws:PrincipalServiceNamesList": ["logging.s3.amazonaws.com"]}}, {"aws:PrincipalServiceNamesList": [EXPORTER, REPORTER]}, False),
    ("services by name denied, ours", KEYS, {"ForAnyValue:StringEquals": {"aws:PrincipalServiceNamesList": [EXPORTER, REPORTER]}}, {"aws:PrincipalServiceNamesList": [EXPORTER, REPORTER]}, True),
    ("services but some denied, ours listed", KEYS, {"ForAllValues:StringNotEquals": {"aws:PrincipalServiceNamesList": [EXPORTER, REPORTER]}, "Bool": {SERVICE: "true"}}, {"aws:PrincipalServiceNamesList": [EXPORTER, REPORTER]}, False),
    ("services but some denied, ours not listed", KEYS, {"ForAllValues:StringNotEquals": {"aws:PrincipalServiceNamesList": ["logging.s3.amazonaws.com"]}, "Bool": {SERVICE: "true"}}, {"aws:PrincipalServiceNamesList": [EXPORTER, REPORTER]}, True),
    ("temporary credentials demanded", KEYS, {"Null": {"aws:TokenIssueTime": "true"}}, {}, True),
    ("old sessions denied", KEYS, {"DateLessThan": {"aws:TokenIssueTime": "2026-01-01T00:00:00Z"}}, {}, False),
    ("MFA demanded with BoolIfExists", KEYS, {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}, {}, True),
    ("MFA demanded with Bool", KEYS, {"Bool": {"aws:MultiFactorAuthPresent": "false"}}, {}, False),
    ("writes closed after a date", KEYS, {"DateGreaterThan": {"aws:CurrentTime": "2026-12-31T00:00:00Z"}}, {"aws:CurrentTime": "2026-11-22T10:00:00Z"}, False),
    ("writes closed after a date that has passed", KEYS, {"DateGreaterThan": {"aws:CurrentTime": "2026-06-30T00:00:00Z"}}, {"aws:CurrentTime": "2026-11-22T10:00:00Z"}, True),
    ("another region denied", KEYS, {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "us-east-1"]}}, {"aws:RequestedRegion": "us-east-1"}, False),
    ("tags demanded, none sent", KEYS, {"Null": {"s3:RequestObjectTag/cost": "true"}}, {}, True),
    ("tag keys outside a list denied, none sent", MULTIVALUED, {"ForAnyValue:StringNotEquals": {"s3:RequestObjectTagKeys": ["cost"]}}, {}, False),
    ("tag keys outside a list denied by ForAllValues, none sent", MULTIVALUED, {"ForAllValues:StringNotEquals": {"s3:RequestObjectTagKeys": ["cost"]}}, {}, True),
]


def delivery_deny_cases(suite):
    _, _, document, _, _, _ = delivery_policies()[2]
    for service in (EXPORTER, REPORTER):
        own = EXPORT_ARN if service == EXPORTER else f"arn:aws:cur:us-east-1:{A}:definition/*"
        base = {"aws:SecureTransport": "true", SERVICE: "true", "aws:PrincipalServiceName": service, "aws:SourceAccount": A, "aws:SourceArn": own}

        def add(name, page, stops, statement, context):
            full = {k: v for k, v in {**base, **context}.items() if v is not None}
            suite.add(f"{name} ({service})", page, DENIED if stops else ALLOWED, request(service, "s3:PutObject", OBJECT, full),
                      resource_policy=policy(*document["Statement"], statement))

        for name, page, condition, context, stops in DENIES:
            add(name, page, stops, deny("s3:*", [BUCKET, OBJECTS], Principal="*", Condition=condition), context)
        plain = {"Effect": "Deny", "Action": "s3:*", "Resource": [BUCKET, OBJECTS]}
        root = f"arn:aws:iam::{A}:root"
        add("NotPrincipal without the service", NOT_PRINCIPAL, True, {**plain, "NotPrincipal": {"AWS": [root, USER]}}, {})
        add("NotPrincipal with the service", NOT_PRINCIPAL, False, {**plain, "NotPrincipal": {"AWS": root, "Service": [EXPORTER, REPORTER]}}, {})
        add("a Deny for an account", PRINCIPAL, False, {**plain, "Principal": {"AWS": root}}, {})
        add("a Deny for everyone", PRINCIPAL, True, {**plain, "Principal": {"AWS": "*"}}, {})
        add("a Deny for another service", PRINCIPAL, False, {**plain, "Principal": {"Service": "logging.s3.amazonaws.com"}}, {})
        add("a Deny for the service", PRINCIPAL, True, {**plain, "Principal": {"Service": service}}, {})
        add("a Deny on deletes", ACTION, False, deny("s3:Delete*", "*", Principal="*"), {})
        add("a Deny on all but reads", NOT_ACTION, True, {"Effect": "Deny", "Principal": "*", "NotAction": ["s3:Get*", "s3:List*"], "Resource": OBJECTS}, {})
        add("a Deny on another prefix", RESOURCE, False, deny("s3:*", BUCKET + "/private/*", Principal="*"), {})
        add("a Deny on all but another prefix", NOT_RESOURCE, True, {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "NotResource": BUCKET + "/inbox/*"}, {})
        guard = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {
            "StringNotEqualsIfExists": {"aws:SourceOrgID": "o-a1b2"}, "Null": {"aws:SourceAccount": "false"}, "Bool": {SERVICE: "true"}}}
        open_rcp = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
        for org, stops in (("o-a1b2", False), ("o-zzzz", True), (None, True)):
            context = {**base, **({"aws:SourceOrgID": org} if org else {})}
            suite.add(f"an RCP against confused deputies, organization {org} ({service})", RCP, DENIED if stops else ALLOWED,
                      request(service, "s3:PutObject", OBJECT, context), resource_policy=document,
                      resource_control_policies=[named(policy(open_rcp)), named(policy(open_rcp), policy(guard))])
        suite.add(f"identity policies do nothing for a service ({service})", PRINCIPAL, IMPLICIT, request(service, "s3:PutObject", OBJECT, base), identity_policies=named(FULL))
        suite.add(f"no bucket policy ({service})", EXPORTS, IMPLICIT, request(service, "s3:PutObject", OBJECT, base))


def main():
    suites = [Suite("conditions"), Suite("elements"), Suite("principals"), Suite("order"), Suite("keys-and-roles"), Suite("delivery")]
    conditions, elements, principals, order, keys, delivery = suites
    operator_cases(conditions)
    special_condition_cases(conditions)
    element_cases(elements)
    principal_cases(principals)
    not_principal_cases(principals)
    order_cases(order)
    key_cases(keys)
    delivery_cases(delivery)
    delivery_deny_cases(delivery)
    for suite in suites:
        print(suite.name, suite.write())


if __name__ == "__main__":
    main()
