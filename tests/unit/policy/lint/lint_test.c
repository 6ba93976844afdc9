/* What the linter finds, and what it must leave alone. */
#include "policy/lint/lint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_open(0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_close(arena);
    return 0;
}

static struct lint_findings lint(const char *text, struct str *ret_text)
{
    char *copy = str_to_c(arena, str_from(text));
    for (char *c = copy; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    const struct json *document;
    struct error error;
    if (!json_parse(arena, STR("case"), str_from(copy), &json_limits_default, &document, &error))
        fail_msg("%s", error.text);
    if (ret_text)
        *ret_text = str_from(copy);
    return policy_lint_document(arena, document, str_from(copy), policy_guess_type(document));
}

#define ALLOW(rest) "{'Version':'2012-10-17','Statement':[{'Effect':'Allow'," rest "}]}"
#define GET "'Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'"
#define SERVICE "'Principal':{'Service':'bcm-data-exports.amazonaws.com'},"

static void finds_each_kind_of_mistake(void **state)
{
    static const struct {
        const char *policy;
        const char *code;
        const char *pointer;
        const char *suggestion; /* NULL: any */
    } cases[] = {
        {ALLOW("'Action':'s3:GetObjekt','Resource':'*'"), "unknown-action", "/Statement/0/Action", "s3:GetObject"},
        {ALLOW("'Action':['s3:Fetch*'],'Resource':'*'"), "unknown-action", "/Statement/0/Action/0", NULL},
        {ALLOW("'Action':'cur:DescribeReportDefinition','Resource':'*'"), "unknown-action", "/Statement/0/Action",
         "cur:DescribeReportDefinitions"},
        {ALLOW("'NotAction':'s9:*','Resource':'*'"), "unknown-service", "/Statement/0/NotAction", NULL},
        {ALLOW("'Action':'s3:ListBucket','Resource':'arn:aws:s3:::b/*'"), "wrong-resource-type", "/Statement/0/Action",
         "\"Resource\": \"arn:aws:s3:::b\""},
        {ALLOW("'Action':['s3:GetObject','s3:ListAllMyBuckets'],'Resource':'arn:aws:s3:::b/*'"), "wrong-resource-type",
         "/Statement/0/Action/1", "in a statement of its own, \"Resource\": \"*\""},
        {ALLOW("'Action':'s3:GetObject','Resource':'arn:aws:s3:::${bucket}/*'"), "unknown-variable",
         "/Statement/0/Resource", NULL},
        {ALLOW(GET ",'Condition':{'StringEquals':{'aws:ResourceAccount':'${AWS::AccountId}'}}"), "unknown-variable",
         "/Statement/0/Condition/StringEquals/aws:ResourceAccount", NULL},
        {ALLOW(GET ",'Condition':{'StringEquals':{'account':'1'}}"), "unknown-key",
         "/Statement/0/Condition/StringEquals/account", NULL},
        {ALLOW("'Action':'s3:GetObject','Resource':'arn:aws:s3:::b'"), "wrong-resource-type", "/Statement/0/Action",
         "\"Resource\": \"arn:aws:s3:::b/*\""},
        {ALLOW("'Action':'s3:ListAllMyBuckets','Resource':'arn:aws:s3:::*'"), "wrong-resource-type",
         "/Statement/0/Action", "\"Resource\": \"*\""},
        {ALLOW("'Action':'s3:GetObject','Resource':['arn:aws:s3:::b/*','arn:aws:s3:::c']"), "unused-resource",
         "/Statement/0/Resource/1", NULL},
        {ALLOW("'Action':'s3:GetObject','Resource':'arn:aws:iam::1:user/x'"), "wrong-resource-type",
         "/Statement/0/Action", NULL},
        {ALLOW("'Action':'s3:GetObject','Resource':'arn:amazon:s3:::b/*'"), "unknown-partition",
         "/Statement/0/Resource", NULL},
        {ALLOW("'Action':'s3:GetObject','Resource':['arn:aws:s3:::b/*','arn:aws-cn:s3:::b/*']"), "wrong-partition",
         "/Statement/0/Resource/1", "aws"},
        {ALLOW(GET ",'Condition':{'StringEquals':{'aws:PrincipalArn':'arn:aws:iam::1:role/*'}}"), "literal-wildcard",
         "/Statement/0/Condition/StringEquals/aws:PrincipalArn", "StringLike"},
        {ALLOW(GET ",'Condition':{'ForAnyValue:StringNotEqualsIfExists':{'aws:TagKeys':'a*'}}"), "literal-wildcard",
         "/Statement/0/Condition/ForAnyValue:StringNotEqualsIfExists/aws:TagKeys", "ForAnyValue:StringNotLikeIfExists"},
        {ALLOW("'Principal':{'AWS':'AIDACKCEVSQ6C2EXAMPLE'}," GET), "deleted-principal", "/Statement/0/Principal",
         NULL},
        {ALLOW("'Principal':{'AWS':'AROACKCEVSQ6C2EXAMPLE'}," GET), "deleted-principal", "/Statement/0/Principal",
         NULL},
        {ALLOW(SERVICE GET ",'Condition':{'StringEquals':{'aws:PrincipalOrgID':'o-1'}}"), "key-not-sent",
         "/Statement/0/Condition/StringEquals/aws:PrincipalOrgID", NULL},
        {"{'Statement':[{'Effect':'Deny','Principal':'*'," GET
         ",'Condition':{'StringNotEquals':{'aws:SourceVpce':'v'}}}]}",
         "denies-services", "/Statement/0/Condition/StringNotEquals/aws:SourceVpce", NULL},
        {ALLOW(GET ",'Condition':{'StringEquals':{'aws:username':'a'},'StringLike':{'aws:username':'b*'}}"),
         "never-applies", "/Statement/0", NULL},
        {ALLOW(GET ",'Condition':{'Null':{'aws:username':'true'},'StringLike':{'aws:username':'b*'}}"), "never-applies",
         "/Statement/0", NULL},
        {"{'Statement':[{'Effect':'Allow','Action':'s3:GetObject','Resource':'arn:aws:s3:::b/${aws:username}/*'}]}",
         "variable-in-old-version", "/Statement/0/Resource", NULL},
        {"{'Statement':[{'Sid':'A','Effect':'Allow'," GET "},{'Sid':'A','Effect':'Allow'," GET "}]}", "duplicate-sid",
         "", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct lint_findings found = lint(cases[i].policy, NULL);
        bool seen = false;
        for (size_t f = 0; f < found.count; f++)
            seen |= strcmp(found.items[f].code, cases[i].code) == 0 &&
                    (!cases[i].pointer[0] || str_equal(found.items[f].pointer, str_from(cases[i].pointer))) &&
                    (!cases[i].suggestion || str_equal(found.items[f].suggestion, str_from(cases[i].suggestion)));
        if (!seen || found.count != 1)
            fail_msg("case %zu: expected %s, found %zu: %s %.*s %.*s", i, cases[i].code, found.count,
                     found.count ? found.items[0].code : "", STR_ARG(found.count ? found.items[0].pointer : STR("")),
                     STR_ARG(found.count ? found.items[0].suggestion : STR("")));
    }
}

static void leaves_good_policies_alone(void **state)
{
    static const char *const cases[] = {
        ALLOW(GET),
        ALLOW("'Action':'*','Resource':'*'"),
        ALLOW("'Action':['s3:ListBucket','s3:GetObject'],'Resource':['arn:aws:s3:::b','arn:aws:s3:::b/*']"),
        ALLOW("'Action':'s3:*','Resource':'arn:aws:s3:::b'"),
        ALLOW("'Action':'s3:GetObject','Resource':'arn:aws:s3:us-east-1:123456789012:accesspoint/a/object/*'"),
        ALLOW("'Action':'s3:GetObject','Resource':'arn:*:s3:::b/${aws:username}/*'"),
        ALLOW("'NotAction':'iam:*','NotResource':'arn:aws:s3:::b/*'"),
        ALLOW("'Action':'lambda:InvokeFunction','Resource':'*'"),
        ALLOW(GET ",'Condition':{'StringEquals':{'aws:PrincipalTag/x':'${*}'}}"),
        /* AWS's own text for legacy reports. */
        ALLOW(SERVICE GET
              ",'Condition':{'StringEquals':{'aws:SourceArn':'arn:aws:cur:us-east-1:123456789012:definition/*'}}"),
        "{'Statement':[{'Effect':'Deny','Principal':'*'," GET
        ",'Condition':{'Bool':{'aws:SecureTransport':'false'}}}]}",
        "{'Statement':[{'Effect':'Deny','Principal':'*'," GET
        ",'Condition':{'StringNotEquals':{'aws:SourceVpce':'v'},'Bool':{'aws:PrincipalIsAWSService':'false'}}}]}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct lint_findings found = lint(cases[i], NULL);
        if (found.count)
            fail_msg("case %zu: %s: %.*s", i, found.items[0].code, STR_ARG(found.items[0].text));
    }
}

static void counts_a_policys_size_as_its_type_counts(void **state)
{
    (void)state;
    struct buf text = buf_make(arena, BUF_NO_MAX);
    buf_add_c(&text, "{'Statement':[{'Effect':'Allow','Action':'s3:GetObject','Resource':[");
    for (int i = 0; i < 300; i++)
        buf_addf(&text, "%s        'arn:aws:s3:::b/%d/*'", i ? "," : "", i);
    buf_add_c(&text, "]}]}");
    struct lint_findings found = lint(str_to_c(arena, buf_str(&text)), NULL);
    assert_int_equal(found.count, 1);
    assert_string_equal(found.items[0].code, "too-large");
    assert_int_equal(found.items[0].severity, LINT_WARNING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_each_kind_of_mistake, setup, teardown),
        cmocka_unit_test_setup_teardown(leaves_good_policies_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(counts_a_policys_size_as_its_type_counts, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
