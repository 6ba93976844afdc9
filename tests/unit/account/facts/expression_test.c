/* Expressions and templates over facts: which facts they mention, and which state they have. */
#include "kit.h"

static const char declarations_text[] =
    "{\"bucket.policy\": {\"value\": \"target.bucket\"}, \"bucket.tags\": {\"value\": \"target.prefix\"},"
    "\"export\": {\"call\": \"iam:GetUser\", \"with\": {\"UserName\": \"u\"}},"
    "\"refused\": {\"call\": \"iam:GetRole\", \"with\": {\"RoleName\": \"r\"}},"
    "\"broken\": {\"call\": \"iam:GetPolicy\", \"with\": {\"PolicyArn\": \"p\"}},"
    "\"all\": {\"value\": \"[bucket.policy, bucket.tags, export, refused, broken]\"},"
    "\"unwanted\": {\"value\": \"'x'\"}}";

static const struct scripted script[] = {
    ANSWERS("iam:GetUser", NULL, "{\"name\": \"optscale\", \"tags\": [1, 2]}"),
    REFUSES("iam:GetRole", NULL, "AccessDenied", "no", 403),
    REFUSES("iam:GetPolicy", NULL, "Timeout", "slow", 0),
    SCRIPT_END,
};

static struct facts *facts_of(struct arena *arena)
{
    return kit_collect(kit_fake(arena, script), declarations_text, "{\"bucket\": \"acme\"}", "all");
}

static struct evaluated evaluate(struct arena *arena, const char *text)
{
    const struct expression *expression = NULL;
    struct error error;
    if (!expression_compile(arena, kit_declare(arena, declarations_text), str_from(text), &expression, &error))
        fail_msg("%s", error.text);
    struct scope scope = {.facts = facts_of(arena),
                          .parameters = kit_json(arena, "{\"days\": 40}"),
                          .item = kit_json(arena, "{\"id\": \"i\"}")};
    return expression_evaluate(expression, &scope, arena);
}

static void expect_json(struct arena *arena, const char *text, const char *value)
{
    struct evaluated evaluated = evaluate(arena, text);
    if (evaluated.state != FACT_PRESENT && evaluated.state != FACT_ABSENT)
        fail_msg("%s: %.*s", text, STR_ARG(fact_state_name(evaluated.state)));
    assert_str_equal(json_text(arena, evaluated.value, 0), str_from(value));
}

static void sees_facts_target_parameters_credentials_and_item(void **state)
{
    expect_json(*state, "bucket.policy", "\"acme\"");
    expect_json(*state, "export.tags[0]", "1");
    expect_json(*state, "export.tags[?@ == `2`] | [0]", "2");
    expect_json(*state, "[target.bucket, parameter.days, item.id, item().id]", "[\"acme\",40,\"i\",\"i\"]");
    expect_json(*state, "export.tags[].{n: @, b: root().bucket.policy}",
                "[{\"n\":1,\"b\":\"acme\"},{\"n\":2,\"b\":\"acme\"}]");
    expect_json(*state, "credentials.access_key_id", "\"AKIAIOSFODNN7EXAMPLE\"");
    expect_json(*state, "bucket.{p: policy, t: tags}", "{\"p\":\"acme\",\"t\":null}");
    expect_json(*state, "days_since('2026-11-20T10:00:00Z')", "2");
}

static void an_absent_fact_reads_as_null(void **state)
{
    expect_json(*state, "!bucket.tags", "true");
    assert_int_equal(evaluate(*state, "bucket.tags").state, FACT_ABSENT);
}

/* The property that matters most: no operator ever sees the null of an unread fact. */
static void no_null_of_an_unread_fact_reaches_an_operator(void **state)
{
    static const char *const shapes[] = {"%s",
                                         "!%s",
                                         "%s || 'x'",
                                         "%s == `null`",
                                         "not_null(%s, 'x')",
                                         "length(%s || `[]`)",
                                         "%s[].a",
                                         "[%s]",
                                         "{a: %s}",
                                         "type(%s)",
                                         "'x' && %s",
                                         "export.tags[?@ == root().%s]",
                                         "%s.a.b.c",
                                         "to_string(%s)",
                                         "to_array(root().%s)"};
    static const struct {
        const char *fact;
        enum fact_state state;
    } unread[] = {{"refused", FACT_DENIED}, {"broken", FACT_FAILED}, {"unwanted", FACT_NOT_COLLECTED}};
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        for (size_t j = 0; j < COUNT_OF(unread); j++) {
            const char *at = strstr(shapes[i], "%s");
            struct str parts[] = {str_span(shapes[i], at), str_from(unread[j].fact), str_from(at + 2)};
            const char *text = str_to_c(*state, str_concat(*state, parts, 3));
            struct evaluated evaluated = evaluate(*state, text);
            if (evaluated.state != unread[j].state || evaluated.value->type != JSON_NULL || !evaluated.because)
                fail_msg("%s: %.*s", text, STR_ARG(fact_state_name(evaluated.state)));
        }
    }
}

static void denied_goes_before_failed_before_not_collected(void **state)
{
    assert_int_equal(evaluate(*state, "[unwanted, broken, refused, export]").state, FACT_DENIED);
    assert_int_equal(evaluate(*state, "[unwanted, broken, export]").state, FACT_FAILED);
    assert_int_equal(evaluate(*state, "[export, unwanted]").state, FACT_NOT_COLLECTED);
    assert_str_equal(evaluate(*state, "[unwanted, broken, refused]").because->name, STR("refused"));
}

static void an_expression_of_its_own_making_fails_without_a_fact_to_blame(void **state)
{
    struct evaluated evaluated = evaluate(*state, "length(parameter.days)");
    assert_int_equal(evaluated.state, FACT_FAILED);
    assert_null(evaluated.because);
    assert_string_equal(evaluated.error.code, "invalid-type");
}

static void names_the_facts_that_it_mentions(void **state)
{
    const struct expression *expression = NULL;
    struct error error;
    assert_true(expression_compile(*state, kit_declare(*state, declarations_text),
                                   STR("export.name == root().bucket.policy && target.bucket && export.tags[?name]"),
                                   &expression, &error));
    size_t count = 0;
    const struct str *facts = expression_facts(expression, &count);
    assert_int_equal(count, 2);
    assert_str_equal(facts[0], STR("bucket.policy"));
    assert_str_equal(facts[1], STR("export"));
}

static void refuses_names_that_nobody_declared(void **state)
{
    static const char *const mistakes[][2] = {
        {"bucket.polcy", "unknown fact 'bucket.polcy': did you mean 'bucket.policy'?"},
        {"bucket.polcy.Statement[0]", "did you mean 'bucket.policy'?"},
        {"exprt.name", "did you mean 'export'?"},
        {"xyz", "unknown fact 'xyz'"},
        {"target.bukcet", "unknown name 'target.bukcet': did you mean 'bucket'?"},
        {"credentials.secret", "unknown name 'credentials.secret'"},
        {"export.tags[?root() == @]", "root() must be followed by constant names"},
        {"export.", "syntax"},
    };
    const struct fact_declarations *declarations = kit_declare(*state, declarations_text);
    for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
        const struct expression *expression = NULL;
        struct error error = {.text = "accepted"};
        bool ok = expression_compile(*state, declarations, str_from(mistakes[i][0]), &expression, &error);
        if (ok ||
            (!str_contains(str_from(error.text), str_from(mistakes[i][1])) && strcmp(error.code, mistakes[i][1]) != 0))
            fail_msg("%s: %s: %s", mistakes[i][0], error.code, error.text);
    }
}

/* --- templates --- */

static struct evaluated fill(struct arena *arena, const char *text, struct str *ret_lenient)
{
    const struct text *template = NULL;
    struct error error;
    if (!text_compile(arena, kit_declare(arena, declarations_text), str_from(text), &template, &error))
        fail_msg("%s", error.text);
    struct scope scope = {.facts = facts_of(arena)};
    *ret_lenient = text_fill_lenient(template, &scope, arena);
    return text_fill(template, &scope, arena);
}

static void fills_texts_in(void **state)
{
    static const char *const texts[][2] = {
        {"", ""},
        {"plain", "plain"},
        {"arn:aws:s3:::{bucket.policy}/{export.name}/*", "arn:aws:s3:::acme/optscale/*"},
        {"{export.tags}", "[1,2]"},
        {"{{literal}} {bucket.policy}", "{literal} acme"},
        {"{export.{n: name, t: tags[0]}}", "{\"n\":\"optscale\",\"t\":1}"},
        {"{join('}', ['{', export.name])}", "{}optscale"},
        {"{\"export\".\"name\"}", "optscale"},
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct str lenient;
        struct evaluated evaluated = fill(*state, texts[i][0], &lenient);
        assert_int_equal(evaluated.state, FACT_PRESENT);
        assert_str_equal(evaluated.value->string, str_from(texts[i][1]));
        assert_str_equal(lenient, str_from(texts[i][1]));
    }
}

static void a_text_with_an_unread_fact_has_its_state_and_people_are_told(void **state)
{
    struct str lenient;
    assert_int_equal(fill(*state, "a {refused.x} b {unwanted}", &lenient).state, FACT_DENIED);
    assert_str_equal(lenient, STR("a <refused: denied> b <unwanted: not_collected>"));
    assert_int_equal(fill(*state, "a {bucket.tags}", &lenient).state, FACT_ABSENT);
    assert_str_equal(lenient, STR("a <none>"));
}

static void people_are_told_what_keeps_a_wording_from_being_chosen(void **state)
{
    static const struct {
        const char *choices;
        const char *text;
    } cases[] = {
        {"[{\"when\": \"bucket.tags\", \"is\": \"tags\"}, \"of {bucket.policy}\"]", "of acme"},
        {"[{\"when\": \"bucket.policy\", \"is\": \"{bucket.tags}\"}, \"x\"]", "<none>"},
        {"[{\"when\": \"refused\", \"is\": \"a\"}, \"b\"]", "<refused: denied>"},
        {"[{\"when\": \"bucket.policy\", \"is\": \"a\"}, \"{refused}\"]", "a"},
        {"[{\"when\": \"bucket.tags\", \"is\": \"a\"}]", "<none>"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct text *text = NULL;
        const struct json *at;
        struct error error;
        assert_true(text_compile_choices(*state, kit_declare(*state, declarations_text),
                                         kit_json(*state, cases[i].choices), &text, &at, &error));
        struct scope scope = {.facts = facts_of(*state)};
        assert_str_equal(text_fill_lenient(text, &scope, *state), str_from(cases[i].text));
    }
}

static void finds_the_expressions_of_a_text(void **state)
{
    (void)state;
    struct str text = STR("{{no}} {a.{b: '}'}} and {c}}} {{{d}");
    static const char *const expected[] = {"a.{b: '}'}", "c", "d"};
    struct str found;
    ptrdiff_t at = 0;
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_true(text_next_expression(text, &at, &found));
        assert_str_equal(found, str_from(expected[i]));
    }
    assert_false(text_next_expression(text, &at, &found));
}

static void refuses_braces_that_do_not_pair(void **state)
{
    static const char *const mistakes[] = {"{", "a {b", "}", "a } b", "{'}", "{}"};
    for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
        const struct text *template = NULL;
        struct error error;
        assert_false(
            text_compile(*state, kit_declare(*state, declarations_text), str_from(mistakes[i]), &template, &error));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(sees_facts_target_parameters_credentials_and_item),
        arena_test(an_absent_fact_reads_as_null),
        arena_test(no_null_of_an_unread_fact_reaches_an_operator),
        arena_test(denied_goes_before_failed_before_not_collected),
        arena_test(an_expression_of_its_own_making_fails_without_a_fact_to_blame),
        arena_test(names_the_facts_that_it_mentions),
        arena_test(refuses_names_that_nobody_declared),
        arena_test(fills_texts_in),
        arena_test(a_text_with_an_unread_fact_has_its_state_and_people_are_told),
        arena_test(people_are_told_what_keeps_a_wording_from_being_chosen),
        arena_test(finds_the_expressions_of_a_text),
        arena_test(refuses_braces_that_do_not_pair),
    };
    return cmocka_run_group_tests_name("expression", tests, NULL, NULL);
}
