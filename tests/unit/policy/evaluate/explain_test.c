#include "policy/evaluate/explain.h"
#include "policy/kit.h"

#include "base/json/patch.h"

/* A bucket policy that refuses, and the smallest change that turns it. */
static const struct {
    const char *what;
    const char *context;
    const char *statements;
    const char *smallest; /* text of the first change; NULL: no single change helps */
} cases[] = {
    {"a wildcard under StringEquals", "{'aws:SourceArn': 'arn:aws:cur:us-east-1:1:definition/x'}",
     "{'Effect': 'Allow', 'Principal': {'Service': 's.amazonaws.com'}, 'Action': 's3:PutObject', 'Resource': '*',"
     " 'Condition': {'StringEquals': {'aws:SourceArn': 'arn:aws:cur:us-east-1:1:definition/*'}}}",
     "would be allowed if `StringEquals` of aws:SourceArn were `StringLike` at /Statement/0/Condition"},
    {"a key that the request lacks", "{}",
     "{'Effect': 'Allow', 'Principal': {'Service': 's.amazonaws.com'}, 'Action': 's3:PutObject', 'Resource': '*',"
     " 'Condition': {'StringEquals': {'aws:SourceAccount': '1'}}}",
     "would be allowed if `StringEquals` of aws:SourceAccount were `StringEqualsIfExists` at /Statement/0/Condition"},
    {"another account", "{'aws:SourceAccount': '2'}",
     "{'Effect': 'Allow', 'Principal': {'Service': 's.amazonaws.com'}, 'Action': 's3:PutObject', 'Resource': '*',"
     " 'Condition': {'StringEquals': {'aws:SourceAccount': '1'}}}",
     "would be allowed if StringEquals of aws:SourceAccount also had `2` at /Statement/0/Condition"},
    {"several values under a plain operator", "{'k': ['a', 'b']}",
     "{'Effect': 'Allow', 'Principal': {'Service': 's.amazonaws.com'}, 'Action': 's3:PutObject', 'Resource': '*',"
     " 'Condition': {'StringEquals': {'k': ['a', 'b']}}}",
     "would be allowed if `StringEquals` of k were `ForAllValues:StringEquals` at /Statement/0/Condition"},
    {"the bucket where its objects are meant", "{}",
     "{'Effect': 'Allow', 'Principal': {'Service': 's.amazonaws.com'}, 'Action': 's3:PutObject', 'Resource': 'arn:aws:s3:::b'}",
     "would be allowed if `arn:aws:s3:::b` were `arn:aws:s3:::b/*` at /Statement/0/Resource"},
    {"another prefix", "{}",
     "{'Effect': 'Allow', 'Principal': {'Service': 's.amazonaws.com'}, 'Action': 's3:PutObject', 'Resource': ['arn:aws:s3:::b/x/*']}",
     "would be allowed if /Statement/0/Resource also had `arn:aws:s3:::b/k`"},
    {"another action", "{}",
     "{'Effect': 'Allow', 'Principal': {'Service': 's.amazonaws.com'}, 'Action': 's3:GetObject', 'Resource': '*'}",
     "would be allowed if /Statement/0/Action also had `s3:PutObject`"},
    {"an excluded action", "{}",
     "{'Effect': 'Allow', 'Principal': {'Service': 's.amazonaws.com'}, 'NotAction': ['s3:Put*', 's3:Get*'], 'Resource': '*'}",
     "would be allowed if /Statement/0/NotAction left out what matches `s3:PutObject`"},
    {"another principal", "{}",
     "{'Effect': 'Allow', 'Principal': {'Service': 't.amazonaws.com'}, 'Action': 's3:PutObject', 'Resource': '*'}",
     "would be allowed if Principal at /Statement/0 also named `s.amazonaws.com`"},
    {"two things amiss", "{}",
     "{'Effect': 'Allow', 'Principal': {'Service': 't.amazonaws.com'}, 'Action': 's3:GetObject', 'Resource': '*'}",
     NULL},
    {"a Deny that a missing key trips", "{}",
     "{'Effect': 'Allow', 'Principal': '*', 'Action': '*', 'Resource': '*'}, {'Effect': 'Deny', 'Principal': '*', 'Action': '*',"
     " 'Resource': '*', 'Condition': {'StringNotEquals': {'aws:PrincipalOrgID': 'o-1'}}}",
     "would be allowed if the Deny at /Statement/1 also asked for {\"Null\": {\"aws:PrincipalOrgID\": \"false\"}}"},
    {"a Deny for all but others", "{}",
     "{'Effect': 'Allow', 'Principal': '*', 'Action': '*', 'Resource': '*'}, {'Effect': 'Deny', 'NotPrincipal': {'AWS': '111122223333'},"
     " 'Action': '*', 'Resource': '*'}",
     "would be allowed if NotPrincipal at /Statement/1 also named `s.amazonaws.com`"},
    {"a Deny without more", "{}",
     "{'Effect': 'Allow', 'Principal': '*', 'Action': '*', 'Resource': '*'}, {'Effect': 'Deny', 'Principal': '*', 'Action': '*', 'Resource': '*'}",
     "would be allowed without the Deny at /Statement/1"},
};

static const struct policy *bucket_policy(struct arena *arena, const char *statements)
{
    struct str text = str_format(arena, "{'Version': '2012-10-17', 'Statement': [%s]}", statements);
    return kit_policy(arena, POLICY_RESOURCE, str_to_c(arena, text));
}

/* Applies the change to the document and decides anew. */
static bool turns(struct arena *arena, const struct change *change, const struct request *request)
{
    const struct json *document = NULL;
    struct error error;
    assert_true(json_patch(arena, change->statement->policy->source, change->patch, &document, &error));
    struct policy_environment environment = {
        .resource = kit_policy(arena, POLICY_RESOURCE, str_to_c(arena, json_text(arena, document, 0)))};
    struct decision decision;
    policy_evaluate(&environment, request, &decision);
    return decision.verdict == DECISION_ALLOWED;
}

static void finds_the_smallest_change(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct policy_environment environment = {.resource = bucket_policy(arena, cases[i].statements)};
        struct request request =
            kit_request(arena, "s.amazonaws.com", "s3:PutObject", "arn:aws:s3:::b/k", cases[i].context);
        struct decision decision;
        policy_evaluate(&environment, &request, &decision);
        assert_int_not_equal(decision.verdict, DECISION_ALLOWED);
        struct changes changes = explain_changes(arena, &environment, &request, &decision);
        for (size_t k = 0; k < changes.count; k++)
            assert_true(turns(arena, &changes.items[k], &request));
        struct str first = changes.count ? changes.items[0].text : STR("");
        if (!str_equal(first, str_from(cases[i].smallest)))
            fail_msg("%s: %.*s", cases[i].what, STR_ARG(first));
    }
    arena_close(arena);
}

static void says_in_what_an_allow_misses_the_request(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    const struct policy *policy = bucket_policy(
        arena,
        "{'Effect': 'Allow', 'Principal': {'AWS': '111122223333'}, 'Action': ['s3:GetObject', 's3:List*'],"
        " 'NotResource': 'arn:aws:s3:::b/*', 'Condition': {'StringEquals': {'aws:SourceAccount': '1', 'k': ['x', 'y']}}}");
    struct request request =
        kit_request(arena, "s.amazonaws.com", "s3:PutObject", "arn:aws:s3:::b/k", "{'k': ['p', 'q']}");
    struct mismatches list = explain_statement(arena, &policy->statements[0], &request, false);
    static const char *const expected[][2] = {
        {"/Statement/0/Action", "s3:PutObject is none of Action: 's3:GetObject', 's3:List*'"},
        {"/Statement/0/NotResource", "arn:aws:s3:::b/k is excluded by NotResource: 'arn:aws:s3:::b/*'"},
        {"/Statement/0/Principal", "s.amazonaws.com, a service, is not named by Principal: '111122223333'"},
        {"/Statement/0/Condition/StringEquals/aws:SourceAccount",
         "the request has no aws:SourceAccount, StringEquals wants '1'"},
        {"/Statement/0/Condition/StringEquals/k",
         "the request has k 'p', 'q', StringEquals wants 'x', 'y'; several values "
         "need ForAllValues or ForAnyValue"},
    };
    assert_int_equal(list.count, COUNT_OF(expected));
    for (size_t i = 0; i < list.count; i++) {
        assert_str_equal(list.items[i].pointer, str_from(expected[i][0]));
        assert_str_equal(list.items[i].text, str_from(expected[i][1]));
    }
    arena_close(arena);
}

static void changes_a_policy_of_one_level_alone(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    const struct policy *full =
        kit_policy(arena, POLICY_SCP, "{'Statement': [{'Effect': 'Allow', 'Action': '*', 'Resource': '*'}]}");
    const struct policy *narrow =
        kit_policy(arena, POLICY_SCP, "{'Statement': [{'Effect': 'Allow', 'Action': 'ec2:*', 'Resource': '*'}]}");
    const struct policy_list levels[] = {{.items = &full, .count = 1}, {.items = &narrow, .count = 1}};
    struct policy_environment environment = {
        .identity = {.items = &full, .count = 1},
        .service_control = {.items = levels, .count = 2},
    };
    struct request request =
        kit_request(arena, "arn:aws:iam::111122223333:user/u", "s3:GetObject", "arn:aws:s3:::b/k", "{}");
    struct decision decision;
    policy_evaluate(&environment, &request, &decision);
    assert_int_equal(decision.verdict, DECISION_IMPLICITLY_DENIED);
    struct changes changes = explain_changes(arena, &environment, &request, &decision);
    assert_int_equal(changes.count, 1);
    assert_int_equal(changes.items[0].type, POLICY_SCP);
    assert_int_equal(changes.items[0].level, 1);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_smallest_change),
        cmocka_unit_test(says_in_what_an_allow_misses_the_request),
        cmocka_unit_test(changes_a_policy_of_one_level_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
