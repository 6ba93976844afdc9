/* Files of declarations: every mistake is named with its place. */
#include "kit.h"

struct mistake {
    const char *text;
    const char *message;
};

static const struct mistake mistakes[] = {
    {"{\"a\": {\"fields\": {}}}", "f.json:1:18: fact 'a': 'fields' names no field"},
    {"{\"a\": {\"fields\": 1}}", "'fields' must be an object"},
    {"{\"a\": {\"fields\": \"b\"}, \"b\": {\"value\": \"'x'\"}}", "or the name of a fact that has such fields"},
    {"{\"a\": {\"fields\": {\"x\": {\"value\": \"b\"}}}}", "f.json:1:24: fact 'a': a field is an expression, or has"},
    {"{\"a\": {\"fields\": {\"x\": \"b\"}}}", "unknown fact 'b'"},
    {"{\"a\": {\"value\": \"[\", \"fields\": {\"x\": \"'y'\"}}}", "f.json:1:17: fact 'a': expression '['"},
    {"{\"a\": {\"text\": 1}}", "'text' must be an array"},
    {"{\"a\": {\"text\": \"x\", \"value\": \"'y'\"}}", "a text is the fact's value"},
    {"{\"a\": {\"text\": \"x\", \"texts\": [\"y\"]}}", "a text is the fact's value"},
    {"{\"a\": {\"text\": \"{b}\"}}", "f.json:1:16: fact 'a': expression 'b': unknown fact 'b'"},
    {"{\"a\": {\"texts\": [{\"when\": \"'x'\"}]}}", "f.json:1:18: fact 'a': a choice is {"},
    {"{\"a\": {\"texts\": [{\"when\": \"b\", \"is\": \"x\"}]}}", "f.json:1:18: fact 'a': expression 'b': unknown fact"},
    {"[]", "f.json:1:1: expected an object of facts"},
    {"{\"a\": 1}", "f.json:1:7: fact 'a': expected an object, found"},
    {"{\"A\": {\"value\": \"'x'\"}}", "a fact's name is lower-case words"},
    {"{\"a..b\": {\"value\": \"'x'\"}}", "a fact's name is lower-case words"},
    {"{\"a.b.c.d.e.f.g.h.i\": {\"value\": \"'x'\"}}", "at most 8"},
    {"{\"target.x\": {\"value\": \"'x'\"}}", "this name is taken"},
    {"{\"a\": {}}", "one of 'call', 'value', 'fields', 'text', 'texts', 'for_each', 'first_of' is missing"},
    {"{\"a\": {\"vlaue\": \"'x'\"}}", "f.json:1:17: fact 'a': unknown field 'vlaue': did you mean 'value'?"},
    {"{\"a\": {\"value\": 1}}", "expected a string, found a number"},
    {"{\"a\": {\"value\": \"'x'\", \"absent\": [\"X\"]}}", "'absent' belongs to a 'call'"},
    {"{\"a\": {\"call\": \"s3:GetBucketPolcy\"}}",
     "unknown call 's3:GetBucketPolcy': did you mean 's3:GetBucketPolicy'?"},
    {"{\"a\": {\"call\": \"s3:PutObject\"}}", "unknown call 's3:PutObject'"},
    {"{\"a\": {\"call\": \"s3:GetBucketPolicy\"}}", "GetBucketPolicy needs the parameter 'Bucket'"},
    {"{\"a\": {\"call\": \"s3:GetBucketPolicy\", \"with\": {\"Buckt\": \"b\"}}}",
     "GetBucketPolicy has no parameter 'Buckt': did you mean 'Bucket'?"},
    {"{\"a\": {\"call\": \"iam:ListUsers\", \"with\": {\"MaxItems\": 1}}}", "'MaxItems' pages a list"},
    {"{\"a\": {\"call\": \"iam:ListUsers\", \"absent\": \"X\"}}", "'absent' must be an array"},
    {"{\"a\": {\"call\": \"iam:ListUsers\", \"allowed\": [1]}}", "'allowed' lists error codes"},
    {"{\"a\": {\"call\": \"iam:ListUsers\", \"decode\": \"xml\"}}",
     "'decode' is 'csv-header', 'parquet-footer' or 'json'"},
    {"{\"a\": {\"first_of\": [\"b\"], \"value\": \"'x'\"}, \"b\": {\"value\": \"'x'\"}}", "'first_of' stands alone"},
    {"{\"a\": {\"first_of\": [1]}}", "'first_of' lists names"},
    {"{\"a\": {\"for_each\": [1]}}", "'for_each' lists expressions"},
    {"{\"a\": {\"first_of\": [\"bb\"]}, \"bbb\": {\"value\": \"'x'\"}}", "unknown fact 'bb': did you mean 'bbb'?"},
    {"{\"a\": {\"value\": \"c.d\"}}", "f.json:1:17: fact 'a': expression 'c.d': unknown fact 'c.d'"},
    {"{\"a\": {\"value\": \"a[\"}}", "f.json:1:17: fact 'a': expression 'a[': "},
    {"{\"a\": {\"call\": \"iam:ListUsers\", \"with\": {\"PathPrefix\": \"{\"}}}", "'{' is never closed"},
    {"{\"a\": {\"value\": \"'x'\"}, \"a.b\": {\"value\": \"'x'\"}}", "no name may be a prefix of another"},
    {"{\"a\": {\"value\": \"b\"}, \"b\": {\"value\": \"c\"}, \"c\": {\"value\": \"a\"}}",
     "rests on 'a', which rests on it again"},
    {"{\"a\": {\"value\": \"a\"}}", "rests on 'a', which rests on it again"},
    {"{\"a\": {\"value\": \"'x'\"}, \"a\": {\"value\": \"'y'\"}}", "f.json:1:"},
};

static void names_each_mistake_with_its_place(void **state)
{
    for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
        struct fact_declarations *declarations = facts_open(*state);
        struct error error = {.text = "accepted"};
        bool ok = facts_load(declarations, STR("f.json"), str_from(mistakes[i].text), &error) &&
                  facts_link(declarations, &error);
        if (ok || !str_contains(str_from(error.text), str_from(mistakes[i].message)))
            fail_msg("%s\n  says %s\n  not  %s", mistakes[i].text, error.text, mistakes[i].message);
    }
}

static void a_later_file_adds_and_replaces(void **state)
{
    struct fact_declarations *declarations = facts_open(*state);
    struct error error;
    assert_true(
        facts_load(declarations, STR("1"), STR("{\"a\": {\"value\": \"'one'\"}, \"b\": {\"value\": \"a\"}}"), &error));
    assert_true(facts_load(declarations, STR("2"),
                           STR("{\"$schema\": \"x\", \"a\": {\"value\": \"'two'\"}, \"c\": {\"value\": \"a\"}}"),
                           &error));
    assert_true(facts_link(declarations, &error));
    assert_int_equal(facts_count(declarations), 3);
    assert_str_equal(facts_info(declarations, 0).name, STR("a"));
    assert_str_equal(facts_info(declarations, 0).file, STR("2"));
    assert_true(facts_has(declarations, STR("c")));
    assert_false(facts_has(declarations, STR("d")));
}

static void the_closure_holds_each_fact_after_what_it_rests_on(void **state)
{
    struct fact_declarations *declarations = kit_declare(
        *state,
        "{\"a\": {\"call\": \"iam:GetUser\", \"with\": {\"UserName\": \"{b}\"}, \"when\": \"c\", \"value\": \"root().d\"},"
        "\"b\": {\"value\": \"d\"}, \"c\": {\"first_of\": [\"d\", \"e\"]}, \"d\": {\"value\": \"'x'\"},"
        "\"e\": {\"for_each\": \"d\"}, \"f\": {\"value\": \"'x'\"}}");
    size_t count = 0;
    const struct str *names = facts_closure(declarations, *state, STR("a"), &count);
    static const char *const expected[] = {"d", "b", "e", "c", "a"};
    assert_int_equal(count, COUNT_OF(expected));
    for (size_t i = 0; i < count; i++)
        assert_str_equal(names[i], str_from(expected[i]));
    facts_closure(declarations, *state, STR("none"), &count);
    assert_int_equal(count, 0);
}

static void tells_calls_and_parameters_for_permissions(void **state)
{
    struct fact_declarations *declarations = kit_declare(
        *state, "{\n \"p\": {\"what\": \"w\", \"call\": \"s3:GetBucketPolicy\", \"with\": {\"Bucket\": \"b\"}}}");
    struct fact_info info = facts_info(declarations, 0);
    assert_str_equal(info.call, STR("s3:GetBucketPolicy"));
    assert_string_equal(info.operation->iam_action, "s3:GetBucketPolicy");
    assert_str_equal(json_find_string(info.parameters, "Bucket"), STR("b"));
    assert_str_equal(info.what, STR("w"));
    assert_int_equal(info.line, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(names_each_mistake_with_its_place),
        arena_test(a_later_file_adds_and_replaces),
        arena_test(the_closure_holds_each_fact_after_what_it_rests_on),
        arena_test(tells_calls_and_parameters_for_permissions),
    };
    return cmocka_run_group_tests_name("declarations", tests, NULL, NULL);
}
