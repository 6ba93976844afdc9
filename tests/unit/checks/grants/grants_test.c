/* The kinds `grants`, `grants_none` and `grants_only`, on policies that were read, in part, or not at all. */
#include "rule/kit.h"

#define FACTS                                                                                                                \
    "{'caller': {'call': 'sts:GetCallerIdentity', 'value': '{account: Account, arn: Arn}'},"                                 \
    " 'names': {'call': 'iam:ListUserPolicies', 'with': {'UserName': 'u'}, 'value': 'PolicyNames'},"                         \
    " 'identity': {'for_each': 'names', 'call': 'iam:GetUserPolicy',"                                                        \
    "   'with': {'UserName': 'u', 'PolicyName': '{item}'}, 'value': '{name: PolicyName, policy: PolicyDocument}'},"          \
    " 'boundary': {'call': 'iam:GetPolicyVersion', 'with': {'PolicyArn': 'arn:aws:iam::123456789012:policy/b',"              \
    "   'VersionId': 'v1'}, 'absent': ['NoSuchEntity'], 'value': '{name: ~b~, policy: PolicyVersion.Document}'},"            \
    " 'levels': {'call': 'organizations:ListRoots', 'value': 'Roots[].Id'},"                                                 \
    " 'scp': {'for_each': 'levels', 'call': 'organizations:DescribePolicy', 'with': {'PolicyId': '{item}'},"                 \
    "   'value': '{level: item(), name: ~s~, policy: Policy.Content}'},"                                                     \
    " 'simulation': {'call': 'iam:SimulatePrincipalPolicy', 'with': {'PolicySourceArn': 'arn:aws:iam::123456789012:user/u'," \
    "   'ActionNames': ['s3:GetObject']}, 'value': 'EvaluationResults[].{action: EvalActionName, allowed: "                  \
    "EvalDecision == ~allowed~}'}}"

#define USER "arn:aws:iam::123456789012:user/u"
#define DOCUMENT(effect, action)                                                                                       \
    "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"" effect "\", \"Action\": \"" action                 \
    "\", \"Resource\": \"*\"}]}"
#define POLICY(name, document)                                                                                         \
    ANSWERS("iam:GetUserPolicy", "{\"UserName\": \"u\", \"PolicyName\": \"" name "\"}",                                \
            "{\"UserName\": \"u\", \"PolicyName\": \"" name "\", \"PolicyDocument\": " document "}")
#define UNREAD(name)                                                                                                   \
    REFUSES("iam:GetUserPolicy", "{\"UserName\": \"u\", \"PolicyName\": \"" name "\"}", "AccessDenied", "no", 403)
#define NAMES(list) ANSWERS("iam:ListUserPolicies", NULL, "{\"PolicyNames\": [" list "]}")
#define NO_BOUNDARY REFUSES("iam:GetPolicyVersion", NULL, "NoSuchEntity", "none", 404)
#define BOUNDARY(document) ANSWERS("iam:GetPolicyVersion", NULL, "{\"PolicyVersion\": {\"Document\": " document "}}")
#define LEVELS ANSWERS("organizations:ListRoots", NULL, "{\"Roots\": [{\"Id\": \"r-1\"}]}")
#define SCP(document) ANSWERS("organizations:DescribePolicy", NULL, "{\"Policy\": {\"Content\": " document "}}")
#define SIMULATED(decision)                                                                                            \
    ANSWERS("iam:SimulatePrincipalPolicy", NULL,                                                                       \
            "{\"EvaluationResults\": [{\"EvalActionName\": \"s3:GetObject\", \"EvalDecision\": \"" decision "\"}]}")

#define GET                                                                                                            \
    "[{'principal': '" USER "', 'actions': ['s3:GetObject'], 'resources': ['arn:aws:s3:::b/k'],"                       \
    " 'resource_account': '123456789012'}]"
#define ANY                                                                                                            \
    "[{'principal': '" USER "', 'actions': ['s3:GetObject', 's3:PutObject'], 'resources': ['arn:aws:s3:::b/k'],"       \
    " 'resource_account': '123456789012'}]"
#define POLICIES "'policies': {'identity': 'identity', 'boundary': 'boundary'}"
#define GRANTS "{'kind': 'grants', " POLICIES ", 'requests': " GET "}"
#define NONE "{'kind': 'grants_none', " POLICIES ", 'requests': " GET "}"
#define ONLY "{'kind': 'grants_only', " POLICIES ", 'requests': " GET ", 'universe': " ANY "}"
#define ORGANIZED                                                                                                      \
    "{'kind': 'grants', 'policies': {'identity': 'identity', 'scp_levels': 'levels', 'scp': 'scp',"                    \
    " 'simulation': 'simulation'}, 'requests': " GET "}"

#define ALLOWED NAMES("\"p\""), POLICY("p", DOCUMENT("Allow", "s3:GetObject"))

static const struct {
    const char *what;
    const char *check;
    struct scripted script[8];
    const char *verdict;
    const char *message;
} rows[] = {
    {"an Allow", GRANTS, {ALLOWED, NO_BOUNDARY}, "pass", NULL},
    {"no policy", GRANTS, {NAMES(""), NO_BOUNDARY}, "fail", "s3:GetObject"},
    {"an Allow of something else",
     GRANTS,
     {NAMES("\"p\""), POLICY("p", DOCUMENT("Allow", "s3:PutObject")), NO_BOUNDARY},
     "fail",
     "s3:GetObject"},
    {"a Deny beside the Allow",
     GRANTS,
     {NAMES("\"p\", \"q\""), POLICY("p", DOCUMENT("Allow", "*")), POLICY("q", DOCUMENT("Deny", "*")), NO_BOUNDARY},
     "fail",
     "s3:GetObject"},
    {"a Deny that was read, beside a document that was not",
     GRANTS,
     {NAMES("\"p\", \"q\""), POLICY("p", DOCUMENT("Deny", "*")), UNREAD("q"), NO_BOUNDARY},
     "fail",
     "s3:GetObject"},
    {"an Allow that was read, beside a document that was not",
     GRANTS,
     {NAMES("\"p\", \"q\""), POLICY("p", DOCUMENT("Allow", "*")), UNREAD("q"), NO_BOUNDARY},
     "unknown",
     "iam:GetUserPolicy was refused"},
    {"the list of policies unread",
     GRANTS,
     {KIT_DENIED("iam:ListUserPolicies"), NO_BOUNDARY},
     "unknown",
     "iam:ListUserPolicies was refused"},
    {"nothing collected", GRANTS, {SCRIPT_END}, "unknown", "not collected"},
    {"a policy that is none",
     GRANTS,
     {NAMES("\"p\", \"q\""), POLICY("p", DOCUMENT("Allow", "*")), POLICY("q", "{\"Statement\": 1}"), NO_BOUNDARY},
     "unknown",
     "cannot be decided"},
    {"a policy without a document",
     GRANTS,
     {NAMES("\"p\", \"q\""), POLICY("p", DOCUMENT("Allow", "*")), POLICY("q", "null"), NO_BOUNDARY},
     "unknown",
     NULL},
    {"a boundary that allows", GRANTS, {ALLOWED, BOUNDARY(DOCUMENT("Allow", "s3:*"))}, "pass", NULL},
    {"a boundary that does not allow", GRANTS, {ALLOWED, BOUNDARY(DOCUMENT("Allow", "ec2:*"))}, "fail", NULL},
    {"a boundary that is unread", GRANTS, {ALLOWED, KIT_DENIED("iam:GetPolicyVersion")}, "unknown", "GetPolicyVersion"},
    {"a boundary without a document", GRANTS, {ALLOWED, BOUNDARY("null")}, "unknown", NULL},
    {"none, and none is", NONE, {NAMES(""), NO_BOUNDARY}, "pass", NULL},
    {"none, and one is", NONE, {ALLOWED, NO_BOUNDARY}, "fail", "s3:GetObject"},
    {"none, and a document is unread", NONE, {NAMES("\"q\""), UNREAD("q"), NO_BOUNDARY}, "unknown", NULL},
    {"none, and a document is broken", NONE, {NAMES("\"q\""), POLICY("q", "null"), NO_BOUNDARY}, "unknown", NULL},
    {"only, and no more is", ONLY, {ALLOWED, NO_BOUNDARY}, "pass", NULL},
    {"only, and more is",
     ONLY,
     {NAMES("\"p\""), POLICY("p", DOCUMENT("Allow", "s3:*")), NO_BOUNDARY},
     "fail",
     "s3:PutObject"},
    {"only, and a document is unread", ONLY, {NAMES("\"q\""), UNREAD("q"), NO_BOUNDARY}, "unknown", NULL},
    {"an SCP that allows", ORGANIZED, {ALLOWED, LEVELS, SCP(DOCUMENT("Allow", "*"))}, "pass", NULL},
    {"an SCP that denies", ORGANIZED, {ALLOWED, LEVELS, SCP(DOCUMENT("Deny", "s3:*"))}, "fail", NULL},
    {"SCPs unread, and the simulator allows",
     ORGANIZED,
     {ALLOWED, KIT_DENIED("organizations:ListRoots"), SIMULATED("allowed")},
     "pass",
     NULL},
    {"SCPs unread, and the simulator refuses",
     ORGANIZED,
     {ALLOWED, KIT_DENIED("organizations:ListRoots"), SIMULATED("explicitDeny")},
     "fail",
     "denied by a service control policy of the organization, says IAM's simulator"},
    {"SCPs unread, and no simulator",
     ORGANIZED,
     {ALLOWED, KIT_DENIED("organizations:ListRoots"), KIT_DENIED("iam:SimulatePrincipalPolicy")},
     "pass",
     "service control policies could not be read"},
    {"SCPs unread, and a simulator that says nothing of the action",
     ORGANIZED,
     {ALLOWED, KIT_DENIED("organizations:ListRoots"),
      ANSWERS("iam:SimulatePrincipalPolicy", NULL, "{\"EvaluationResults\": []}")},
     "pass",
     "service control policies could not be read"},
    {"levels that are no texts",
     ORGANIZED,
     {ALLOWED, ANSWERS("organizations:ListRoots", NULL, "{\"Roots\": [{\"Id\": 7}]}")},
     NULL,
     NULL},
};

static const struct result *judge(struct arena *arena, const char *check, const struct scripted *script)
{
    struct str rule = kit_rule(arena, "x", str_format(arena, "'check': %s", check).ptr);
    struct kit_order order = {.base = kit_base(arena, FACTS, rule, "'x'"), .script = script};
    return kit_result(kit_run(arena, &order), "x", NULL);
}

static void policies_are_proven_as_far_as_they_were_read(void **state)
{
    size_t wrong = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct result *result = judge(*state, rows[i].check, rows[i].script);
        bool as_expected = !rows[i].verdict || str_equal(verdict_name(result->verdict), str_from(rows[i].verdict));
        if (as_expected && (!rows[i].message || str_contains(result->message, str_from(rows[i].message))))
            continue;
        wrong++;
        print_error("%s: expected %s, found %.*s: %.*s\n", rows[i].what, rows[i].verdict,
                    STR_ARG(verdict_name(result->verdict)), STR_ARG(result->message));
    }
    assert_int_equal(wrong, 0);
}

static void every_missing_action_is_named_with_an_example(void **state)
{
    static const struct scripted script[] = {NAMES(""), NO_BOUNDARY, SCRIPT_END};
    const struct result *result = judge(*state, "{'kind': 'grants', " POLICIES ", 'requests': " ANY "}", script);
    expect_verdict(result, "fail");
    assert_int_equal(result->actual->count, 2);
    assert_str_equal(json_find_string(&result->actual->items[1], "action"), STR("s3:PutObject"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(policies_are_proven_as_far_as_they_were_read),
        arena_test(every_missing_action_is_named_with_an_example),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
