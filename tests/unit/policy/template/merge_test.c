/* Merging a template into a policy that is there: what stays, what goes, and what is proven of the result. */
#include "policy/template/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ACCOUNT "123456789012"
#define EXPORTS "bcm-data-exports.amazonaws.com"
#define STATEMENT(sid, account, resource)                                                                              \
    "{'Sid':'" sid "','Effect':'Allow','Principal':{'Service':'" EXPORTS                                               \
    "'},'Action':'s3:PutObject','Resource':'" resource                                                                 \
    "','Condition':{'ArnLike':{'aws:SourceArn':'arn:aws:bcm-data-exports:us-east-1:" account ":export/*'}}}"
#define READER                                                                                                         \
    "{'Sid':'Reader','Effect':'Allow','Principal':{'AWS':'*'},'Action':'s3:GetObject','Resource':'arn:aws:s3:::b/*'}"
#define DENY                                                                                                           \
    "{'Effect':'Deny','Principal':'*','Action':'s3:*','Resource':'arn:aws:s3:::b/*','Condition':{'StringNotEquals':{"  \
    "'aws:PrincipalOrgID':'o-1'}}}"

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

static const struct json *json(const char *text)
{
    char *copy = str_to_c(arena, str_from(text));
    for (char *c = copy; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    const struct json *value;
    struct error error;
    if (!json_parse(arena, STR("case"), str_from(copy), &json_limits_default, &value, &error))
        fail_msg("%s", error.text);
    return value;
}

static struct merge_result merge(const char *existing, const char *wanted)
{
    struct template_asker asker = {.resource_account = STR(ACCOUNT)};
    struct merge_result result;
    struct error error;
    if (!policy_merge(arena, json(existing), json(wanted), true, &asker, &result, &error))
        fail_msg("%s", error.text);
    return result;
}

static const char wanted[] =
    "{'Version':'2012-10-17','Statement':[" STATEMENT("Deliver", ACCOUNT, "arn:aws:s3:::b/*") "]}";

static void keeps_every_other_statement_as_it_is(void **state)
{
    (void)state;
    struct merge_result result = merge("{'Version':'2008-10-17','Id':'mine','Statement':" READER "}", wanted);
    assert_int_equal(result.check.verdict, PROVE_PROVED);
    assert_int_equal(result.kept, 1);
    assert_int_equal(result.changes[0].kind, MERGE_ADDED);
    assert_true(json_equal(result.policy, json("{'Version':'2008-10-17','Id':'mine','Statement':[" READER
                                               "," STATEMENT("Deliver", ACCOUNT, "arn:aws:s3:::b/*") "]}")));
}

static void leaves_a_policy_alone_that_grants_it_already(void **state)
{
    (void)state;
    const char *existing = "{'Statement':[" STATEMENT("Other", ACCOUNT, "arn:aws:s3:::*") "]}";
    struct merge_result result = merge(existing, wanted);
    assert_true(result.granted_before);
    assert_true(json_equal(result.policy, json(existing)));
}

static void replaces_a_statement_of_the_same_purpose(void **state)
{
    (void)state;
    struct merge_result result =
        merge("{'Statement':[" STATEMENT("Deliver", ACCOUNT, "arn:aws:s3:::b/old/*") "," READER "]}", wanted);
    assert_int_equal(result.changes[0].kind, MERGE_REPLACED);
    assert_int_equal(result.kept, 1);
    assert_int_equal(json_find(result.policy, "Statement")->count, 2);
    assert_string_equal(str_to_c(arena, json_find_string(&json_find(result.policy, "Statement")->items[0], "Resource")),
                        "arn:aws:s3:::b/*");
}

static void takes_another_sid_where_the_purpose_differs(void **state)
{
    static const char *const others[] = {
        STATEMENT("Deliver", "210987654321", "arn:aws:s3:::b/*"), /* another account delivers here too */
        STATEMENT("Deliver", ACCOUNT, "arn:aws:s3:::other/*"),
        "{'Sid':'Deliver','Effect':'Deny','Principal':'*','Action':'s3:DeleteBucket','Resource':'arn:aws:s3:::b'}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct merge_result result = merge(str_to_c(arena, str_format(arena, "{'Statement':[%s]}", others[i])), wanted);
        assert_int_equal(result.changes[0].kind, MERGE_RENAMED);
        assert_string_equal(str_to_c(arena, result.changes[0].sid), "Deliver2");
        assert_int_equal(result.kept, 1);
        assert_int_equal(result.check.verdict, PROVE_PROVED);
        assert_true(json_equal(&json_find(result.policy, "Statement")->items[0], json(others[i])));
    }
}

static void says_which_deny_remains(void **state)
{
    (void)state;
    struct merge_result result = merge("{'Statement':[" DENY "]}", wanted);
    assert_int_equal(result.check.verdict, PROVE_REFUTED);
    assert_string_equal(str_to_c(arena, result.check.statement->pointer), "/Statement/0");
    assert_int_equal(json_find(result.policy, "Statement")->count, 2);
}

static void merging_twice_changes_nothing_more(void **state)
{
    static const char *const existing[] = {
        "{'Statement':[]}", "{'Statement':[" READER "]}", "{'Statement':[" DENY "]}",
        "{'Statement':" STATEMENT("Deliver", "210987654321", "arn:aws:s3:::b/*") "}"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(existing); i++) {
        struct merge_result once = merge(existing[i], wanted);
        struct merge_result twice = merge(str_to_c(arena, json_text(arena, once.policy, 0)), wanted);
        assert_true(json_equal(once.policy, twice.policy));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keeps_every_other_statement_as_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(leaves_a_policy_alone_that_grants_it_already, setup, teardown),
        cmocka_unit_test_setup_teardown(replaces_a_statement_of_the_same_purpose, setup, teardown),
        cmocka_unit_test_setup_teardown(takes_another_sid_where_the_purpose_differs, setup, teardown),
        cmocka_unit_test_setup_teardown(says_which_deny_remains, setup, teardown),
        cmocka_unit_test_setup_teardown(merging_twice_changes_nothing_more, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
