/* The templates: blanks, statements by Sid, and the requests that they stand for. */
#include "policy/template/template.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ACCOUNT "123456789012"
#define USER "arn:aws:iam::" ACCOUNT ":user/optscale"

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

static struct template load(const char *name)
{
    struct error error;
    struct str text;
    struct template template = {0};
    char *path = str_to_c(arena, str_format(arena, "%s/rules/policies/%s.json", TEST_SOURCE_DIR, name));
    if (!file_read(arena, path, 1 << 20, &text, &error) ||
        !template_read(arena, str_from(name), text, &template, &error))
        fail_msg("%s", error.text);
    return template;
}

static const struct template_value values[] = {
    {STR_INIT("bucket"), STR_INIT("b")},
    {STR_INIT("account_id"), STR_INIT(ACCOUNT)},
};

static const struct json *filled(const char *name)
{
    struct template template = load(name);
    const struct json *policy;
    struct error error;
    if (!template_fill(arena, &template, values, COUNT_OF(values), &policy, &error))
        fail_msg("%s", error.text);
    return policy;
}

static struct prove_result granted(const struct json *by, const struct json *wanted)
{
    struct template_asker asker = {.principal = STR(USER), .resource_account = STR(ACCOUNT)};
    bool on_bucket = json_find(&json_find(by, "Statement")->items[0], "Principal") != NULL;
    struct policy_options options = {
        .name = STR("p"), .type = on_bucket ? POLICY_RESOURCE : POLICY_IDENTITY, .tolerance = POLICY_STRICT};
    const struct policy *policy;
    struct error error;
    if (!policy_compile(arena, by, options, &policy, &error))
        fail_msg("%s", error.text);
    struct prove_environment environment = {0};
    if (on_bucket)
        environment.policies.resource = policy;
    else
        environment.policies.identity = (struct policy_list){&policy, 1};
    return template_granted(arena, &environment, wanted, &asker);
}

static void every_template_grants_itself(void **state)
{
    static const char *const names[] = {"bucket-delivery", "read-bucket",      "discover-resources",
                                        "create-export",   "aws-data-exports", "aws-data-exports-and-check-policy",
                                        "aws-legacy-cur"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct json *policy = filled(names[i]);
        struct prove_result result = granted(policy, policy);
        if (result.verdict != PROVE_PROVED)
            fail_msg("%s: %.*s", names[i], STR_ARG(result.text));
    }
}

static void knows_which_text_of_aws_grants_which(void **state)
{
    (void)state;
    assert_int_equal(granted(filled("bucket-delivery"), filled("aws-data-exports")).verdict, PROVE_PROVED);
    assert_int_equal(granted(filled("bucket-delivery"), filled("aws-data-exports-and-check-policy")).verdict,
                     PROVE_PROVED);
    assert_int_equal(granted(filled("aws-data-exports"), filled("bucket-delivery")).verdict, PROVE_REFUTED);
    assert_int_equal(granted(filled("aws-legacy-cur"), filled("aws-data-exports")).verdict, PROVE_REFUTED);
}

static void each_action_that_is_missing_is_found(void **state)
{
    (void)state;
    const struct json *wanted = filled("discover-resources");
    const struct json *statement = &json_find(wanted, "Statement")->items[0];
    const struct json *actions = json_find(statement, "Action");
    for (size_t gone = 0; gone < actions->count; gone++) {
        struct json_builder kept = json_build(arena, JSON_ARRAY);
        for (size_t i = 0; i < actions->count; i++)
            if (i != gone)
                json_build_add(&kept, actions->items[i]);
        struct json_builder changed = json_build(arena, JSON_OBJECT);
        for (size_t m = 0; m < statement->count; m++)
            json_build_set(&changed, statement->members[m].name, statement->members[m].value);
        json_build_set(&changed, STR("Action"), json_built(&kept));
        struct json one = json_built(&changed);
        struct json_member members[] = {{STR("Version"), json_string(STR("2012-10-17"))},
                                        {STR("Statement"), json_array(&one, 1)}};
        struct json policy = json_object(members, COUNT_OF(members));
        struct prove_result result = granted(&policy, wanted);
        assert_int_equal(result.verdict, PROVE_REFUTED);
        struct str service = actions->items[gone].string;
        assert_true(str_starts(result.example.request.action, str_slice(service, 0, str_find_char(service, ':', 0))));
    }
}

static void a_blank_needs_a_value(void **state)
{
    (void)state;
    struct template template = load("bucket-delivery");
    const struct json *policy;
    struct error error;
    assert_false(template_fill(arena, &template, values, 1, &policy, &error));
    assert_string_equal(error.text, "bucket-delivery: the policy needs a value for {account_id}");
    struct template_value odd[] = {{STR("bucket"), STR("a\"{account_id}")}, values[1]};
    assert_true(template_fill(arena, &template, odd, 2, &policy, &error));
    assert_true(str_contains(json_text(arena, policy, 0), STR("arn:aws:s3:::a\\\"{account_id}/*")));
}

static void chooses_and_narrows_statements(void **state)
{
    static const struct str sids[] = {STR_INIT("GetObject"), STR_INIT("BucketOperations")};
    static const struct str unknown[] = {STR_INIT("Nothing")};
    static const struct str resources[] = {STR_INIT("arn:aws:s3:::b/p/*")};
    (void)state;
    const struct json *policy = filled("read-bucket");
    struct error error;
    const struct json *chosen;
    assert_true(template_select(arena, policy, sids, 2, &chosen, &error));
    assert_int_equal(json_find(chosen, "Statement")->count, 2);
    assert_false(template_select(arena, policy, unknown, 1, &chosen, &error));
    const struct json *narrowed;
    assert_true(template_narrow(arena, chosen, sids[0], resources, 1, &narrowed, &error));
    assert_int_equal(granted(policy, narrowed).verdict, PROVE_PROVED);
    assert_int_equal(granted(narrowed, chosen).verdict, PROVE_REFUTED);
    assert_false(template_narrow(arena, chosen, unknown[0], resources, 1, &narrowed, &error));
}

static void refuses_what_is_no_template(void **state)
{
    (void)state;
    struct template template;
    struct error error;
    assert_false(template_read(arena, STR("f"), STR("{"), &template, &error));
    assert_false(template_read(arena, STR("f"), STR("{\"name\": \"a\"}"), &template, &error));
    assert_false(template_read(arena, STR("f"),
                               STR("{\"name\": \"a\", \"title\": \"t\", \"policy\": {}, \"attach\": \"x\"}"), &template,
                               &error));
    assert_string_equal(error.text, "f: attach is \"bucket\", \"identity\" or \"trust\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_template_grants_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(knows_which_text_of_aws_grants_which, setup, teardown),
        cmocka_unit_test_setup_teardown(each_action_that_is_missing_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(a_blank_needs_a_value, setup, teardown),
        cmocka_unit_test_setup_teardown(chooses_and_narrows_statements, setup, teardown),
        cmocka_unit_test_setup_teardown(refuses_what_is_no_template, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
