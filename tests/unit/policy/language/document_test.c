#include "policy/kit.h"

static struct policy_faults check(struct arena *arena, enum policy_type type, const char *text)
{
    const struct policy_options options = {.name = STR("p"), .type = type, .tolerance = POLICY_STRICT};
    return policy_check(arena, kit_json(arena, text), options);
}

static bool compiles(enum policy_type type, enum policy_tolerance tolerance, const char *text)
{
    struct arena *arena = arena_open(0);
    const struct policy_options options = {.name = STR("p"), .type = type, .tolerance = tolerance};
    const struct policy *policy;
    bool result = policy_compile(arena, kit_json(arena, text), options, &policy, NULL);
    arena_close(arena);
    return result;
}

static void keeps_order_spelling_and_places(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    const struct policy *policy =
        kit_policy(arena, POLICY_RESOURCE,
                   "{'Version': '2012-10-17', 'Statement': [{'Effect': 'Deny', 'Sid': 'A',"
                   " 'Principal': {'AWS': ['111122223333', '*'], 'Service': 's.amazonaws.com'},"
                   " 'NotAction': ['S3:Get*', 's3:List*'], 'Resource': 'arn:aws:s3:::b',"
                   " 'Condition': {'ForAnyValue:StringLikeIfExists': {'aws:TagKeys': ['x', 1, true]},"
                   " 'Null': {'aws:A': 'true', 'aws:B': 'false'}}}]}");
    assert_int_equal(policy->count, 1);
    const struct statement *statement = &policy->statements[0];
    assert_str_equal(statement->pointer, STR("/Statement/0"));
    assert_str_equal(statement->sid, STR("A"));
    assert_true(statement->offset > 0);
    assert_int_equal(statement->principals.count, 3);
    assert_str_equal(statement->principals.items[2].type, STR("Service"));
    assert_true(statement->actions.negated && statement->actions.is_list);
    assert_str_equal(statement->actions.items[0].pattern.source, STR("S3:Get*"));
    assert_false(statement->resources.is_list);
    assert_int_equal(statement->condition_count, 3);
    const struct condition *condition = &statement->conditions[0];
    assert_str_equal(condition->operator_text, STR("ForAnyValue:StringLikeIfExists"));
    assert_true(condition->form.if_exists && condition->form.set == CONDITION_FOR_ANY_VALUE);
    assert_int_equal(condition->value_count, 3);
    assert_str_equal(condition->values[1].text, STR("1"));
    assert_str_equal(condition->values[2].text, STR("true"));
    arena_close(arena);
}

static void takes_one_statement_for_a_list(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    const struct policy *policy =
        kit_policy(arena, POLICY_IDENTITY, "{'Statement': {'Effect': 'Allow', 'Action': '*', 'Resource': '*'}}");
    assert_int_equal(policy->count, 1);
    assert_false(policy->has_variables);
    assert_str_equal(policy->statements[0].pointer, STR("/Statement"));
    arena_close(arena);
}

static void fills_up_arns_of_identity_policies_alone(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    const char *text = "{'Statement': {'Effect': 'Allow', 'Action': '*', 'Principal': '*', 'Resource': 'arn:aws:sqs'}}";
    struct request request = kit_request(arena, "*", "sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:q", "{}");
    assert_true(statement_applies(&kit_policy(arena, POLICY_IDENTITY, text)->statements[0], &request));
    assert_true(statement_applies(&kit_policy(arena, POLICY_BOUNDARY, text)->statements[0], &request));
    assert_false(statement_applies(&kit_policy(arena, POLICY_RESOURCE, text)->statements[0], &request));
    assert_false(statement_applies(&kit_policy(arena, POLICY_SCP, text)->statements[0], &request));
    arena_close(arena);
}

#define IDENTITY(members) "{'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', " members "}]}"
#define GRANT "'Action': 's3:*', 'Resource': '*'"

static const struct {
    enum policy_type type;
    const char *code;
    const char *pointer;
    bool tolerated;
    const char *text;
} faults[] = {
    {POLICY_IDENTITY, "wrong-type", "", false, "[]"},
    {POLICY_IDENTITY, "missing-element", "", false, "{'Version': '2012-10-17'}"},
    {POLICY_IDENTITY, "unknown-version", "/Version", false, "{'Version': '2012', 'Statement': []}"},
    {POLICY_IDENTITY, "unknown-element", "/Statments", false,
     "{'Statments': [], 'Statement': {'Effect': 'Allow', " GRANT "}}"},
    {POLICY_IDENTITY, "wrong-type", "/Statement/0", false, "{'Statement': ['x']}"},
    {POLICY_IDENTITY, "unknown-effect", "/Statement/0/Effect", false,
     "{'Statement': [{'Effect': 'allow', " GRANT "}]}"},
    {POLICY_IDENTITY, "missing-element", "/Statement/0", false, IDENTITY("'Resource': '*'")},
    {POLICY_IDENTITY, "missing-resource", "/Statement/0", true, IDENTITY("'Action': 's3:*'")},
    {POLICY_IDENTITY, "both-forms", "/Statement/0/NotAction", false, IDENTITY(GRANT ", 'NotAction': 'x:y'")},
    {POLICY_IDENTITY, "unknown-element", "/Statement/0/Actoin", false, IDENTITY(GRANT ", 'Actoin': 'x:y'")},
    {POLICY_IDENTITY, "forbidden-element", "/Statement/0", true, IDENTITY(GRANT ", 'Principal': '*'")},
    {POLICY_IDENTITY, "invalid-action", "/Statement/0/Action/1", true,
     IDENTITY("'Action': ['s3:*', 'GetObject'], 'Resource': '*'")},
    {POLICY_IDENTITY, "wrong-type", "/Statement/0/Action/0", false, IDENTITY("'Action': [1], 'Resource': '*'")},
    {POLICY_IDENTITY, "empty-list", "/Statement/0/Action", true, IDENTITY("'Action': [], 'Resource': '*'")},
    {POLICY_IDENTITY, "invalid-resource", "/Statement/0/Resource", true,
     IDENTITY("'Action': 's3:*', 'Resource': 'bucket'")},
    {POLICY_IDENTITY, "unknown-operator", "/Statement/0/Condition/StringEqual", false,
     IDENTITY(GRANT ", 'Condition': {'StringEqual': {'a': 'b'}}")},
    {POLICY_IDENTITY, "operator-case", "/Statement/0/Condition/stringequals", true,
     IDENTITY(GRANT ", 'Condition': {'stringequals': {'a': 'b'}}")},
    {POLICY_IDENTITY, "null-form", "/Statement/0/Condition/NullIfExists", true,
     IDENTITY(GRANT ", 'Condition': {'NullIfExists': {'a': 'true'}}")},
    {POLICY_IDENTITY, "invalid-value", "/Statement/0/Condition/IpAddress/aws:SourceIp/1", true,
     IDENTITY(GRANT ", 'Condition': {'IpAddress': {'aws:SourceIp': ['10.0.0.0/8', '10.0.0.0/33']}}")},
    {POLICY_IDENTITY, "wrong-type", "/Statement/0/Condition/Bool/a~1b", false,
     IDENTITY(GRANT ", 'Condition': {'Bool': {'a/b': null}}")},
    {POLICY_IDENTITY, "invalid-character", "/Statement/0/Sid", true, IDENTITY(GRANT ", 'Sid': '\xE2\x82\xAC'")},
    {POLICY_RESOURCE, "missing-principal", "/Statement/0", true, IDENTITY(GRANT)},
    {POLICY_RESOURCE, "bare-principal", "/Statement/0/Principal", true,
     IDENTITY(GRANT ", 'Principal': 'arn:aws:iam::111122223333:user/u'")},
    {POLICY_RESOURCE, "invalid-principal", "/Statement/0/Principal/AWS", true,
     IDENTITY(GRANT ", 'Principal': {'AWS': 'arn:aws:iam::111122223333:user/*'}")},
    {POLICY_RESOURCE, "invalid-principal", "/Statement/0/Principal/Service", true,
     IDENTITY(GRANT ", 'Principal': {'Service': '*'}")},
    {POLICY_RESOURCE, "unknown-principal-type", "/Statement/0/Principal/Aws", false,
     IDENTITY(GRANT ", 'Principal': {'Aws': ['*']}")},
    {POLICY_RESOURCE, "allow-not-principal", "/Statement/0", true,
     IDENTITY(GRANT ", 'NotPrincipal': {'AWS': '111122223333'}")},
    {POLICY_RESOURCE, "empty-list", "/Statement/0/Principal", true, IDENTITY(GRANT ", 'Principal': {}")},
    {POLICY_TRUST, "forbidden-element", "/Statement/0", true, IDENTITY(GRANT ", 'Principal': '*'")},
};

static void names_each_fault_and_its_place(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        struct policy_faults found = check(arena, faults[i].type, faults[i].text);
        bool named = false;
        for (size_t k = 0; k < found.count; k++)
            named |= strcmp(found.items[k].code, faults[i].code) == 0 &&
                     str_equal(found.items[k].pointer, str_from(faults[i].pointer)) && found.items[k].offset > 0;
        if (!named)
            fail_msg("%s: no %s at %s; first: %s", faults[i].text, faults[i].code, faults[i].pointer,
                     found.count ? found.items[0].code : "none");
    }
    arena_close(arena);
}

static void lenient_reading_passes_over_what_has_one_reading(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        assert_false(compiles(faults[i].type, POLICY_STRICT, faults[i].text));
        if (compiles(faults[i].type, POLICY_LENIENT, faults[i].text) != faults[i].tolerated)
            fail_msg("%s", faults[i].text);
    }
}

static void says_where_and_what_was_meant(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    const struct policy_options options = {.name = STR("bucket policy"), .type = POLICY_IDENTITY};
    const struct policy *policy;
    struct error error;
    const struct json *document =
        kit_json(arena, IDENTITY(GRANT ", 'Condition': {'StringEqual': {'aws:SourceAccount': '1'}}"));
    assert_false(policy_compile(arena, document, options, &policy, &error));
    assert_string_equal(error.text,
                        "bucket policy: /Statement/0/Condition/StringEqual: there is no operator StringEqual; "
                        "did you mean StringEquals?");
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_order_spelling_and_places),
        cmocka_unit_test(takes_one_statement_for_a_list),
        cmocka_unit_test(fills_up_arns_of_identity_policies_alone),
        cmocka_unit_test(names_each_fault_and_its_place),
        cmocka_unit_test(lenient_reading_passes_over_what_has_one_reading),
        cmocka_unit_test(says_where_and_what_was_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
