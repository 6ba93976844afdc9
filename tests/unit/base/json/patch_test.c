#include "cmocka_all.h"

#include "base/file.h"
#include "base/json/patch.h"

static const struct json *parsed(struct arena *arena, const char *text)
{
    const struct json *value = NULL;
    struct error error = {0};
    if (!json_parse(arena, STR("x"), str_from(text), &json_limits_default, &value, &error))
        fail_msg("%s", error.text);
    return value;
}

/* The examples of RFC 6902 appendix A, and of RFC 7396 appendix A. */
static void applies_the_examples_of_rfc_6902(void **state)
{
    static const struct {
        const char *document;
        const char *patch;
        const char *result; /* NULL: must fail */
    } cases[] = {
        {"{\"foo\":\"bar\"}", "[{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\"}]",
         "{\"baz\":\"qux\",\"foo\":\"bar\"}"},
        {"{\"foo\":[\"bar\",\"baz\"]}", "[{\"op\":\"add\",\"path\":\"/foo/1\",\"value\":\"qux\"}]",
         "{\"foo\":[\"bar\",\"qux\",\"baz\"]}"},
        {"{\"baz\":\"qux\",\"foo\":\"bar\"}", "[{\"op\":\"remove\",\"path\":\"/baz\"}]", "{\"foo\":\"bar\"}"},
        {"{\"foo\":[\"bar\",\"qux\",\"baz\"]}", "[{\"op\":\"remove\",\"path\":\"/foo/1\"}]",
         "{\"foo\":[\"bar\",\"baz\"]}"},
        {"{\"baz\":\"qux\",\"foo\":\"bar\"}", "[{\"op\":\"replace\",\"path\":\"/baz\",\"value\":\"boo\"}]",
         "{\"baz\":\"boo\",\"foo\":\"bar\"}"},
        {"{\"foo\":{\"bar\":\"baz\",\"waldo\":\"fred\"},\"qux\":{\"corge\":\"grault\"}}",
         "[{\"op\":\"move\",\"from\":\"/foo/waldo\",\"path\":\"/qux/thud\"}]",
         "{\"foo\":{\"bar\":\"baz\"},\"qux\":{\"corge\":\"grault\",\"thud\":\"fred\"}}"},
        {"{\"foo\":[\"all\",\"grass\",\"cows\",\"eat\"]}",
         "[{\"op\":\"move\",\"from\":\"/foo/1\",\"path\":\"/foo/3\"}]",
         "{\"foo\":[\"all\",\"cows\",\"eat\",\"grass\"]}"},
        {"{\"baz\":\"qux\"}", "[{\"op\":\"test\",\"path\":\"/baz\",\"value\":\"bar\"}]", NULL},
        {"{\"foo\":\"bar\"}", "[{\"op\":\"add\",\"path\":\"/baz/bat\",\"value\":\"qux\"}]", NULL},
        {"{\"foo\":[\"bar\"]}", "[{\"op\":\"add\",\"path\":\"/foo/-\",\"value\":[\"abc\"]}]",
         "{\"foo\":[\"bar\",[\"abc\"]]}"},
        {"{\"a\":{}}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a/b\"}]", NULL},
        {"{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"/b\",\"value\":1}]", NULL},
        {"{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"\",\"value\":[2]}]", "[2]"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct json *result = NULL;
        struct error error = {0};
        bool ok =
            json_patch(*state, parsed(*state, cases[i].document), parsed(*state, cases[i].patch), &result, &error);
        assert_int_equal(ok, cases[i].result != NULL);
        if (ok)
            assert_true(json_equal(result, parsed(*state, cases[i].result)));
        else
            assert_true(error.text[0]);
    }
}

static void applies_the_examples_of_rfc_7396(void **state)
{
    static const char *const cases[][3] = {
        {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
        {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
        {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
        {"[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}"},
        {"{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"},
        {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
        {"{\"a\":\"foo\"}", "null", "null"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct json *result = NULL;
        struct error error;
        assert_true(json_merge(*state, parsed(*state, cases[i][0]), parsed(*state, cases[i][1]), &result, &error));
        assert_true(json_equal(result, parsed(*state, cases[i][2])));
    }
}

/* A file in the form of https://github.com/json-patch/json-patch-tests: document, patch, and what comes of it. */
static const struct json *suite(struct arena *arena, const char *name)
{
    struct str text;
    struct error error;
    const char *path = str_to_c(arena, str_format(arena, TEST_SOURCE_DIR "/tests/unit/base/json/suite/%s.json", name));
    if (!file_read(arena, path, json_limits_default.max_bytes, &text, &error))
        fail_msg("%s", error.text);
    return parsed(arena, str_to_c(arena, text));
}

static void passes_the_public_suites_and_the_cases_that_they_lack(void **state)
{
    static const char *const names[] = {"rfc6902", "json_patch_tests", "own"};
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct json *list = suite(*state, names[i]);
        for (size_t j = 0; j < list->count; j++) {
            const struct json *one = &list->items[j];
            const struct json *patch = json_find(one, "patch");
            const struct json *expected = json_find(one, "expected");
            const struct json *result = NULL;
            struct error error = {0};
            if (!patch || json_find_boolean(one, "disabled", false))
                continue;
            bool ok = json_patch(*state, json_find(one, "doc"), patch, &result, &error);
            if (ok != !json_find(one, "error") || (ok && expected && !json_equal(result, expected)))
                fail_msg("%s/%zu: %.*s: %s", names[i], j, STR_ARG(json_find_string(one, "comment")), error.text);
            count++;
        }
    }
    assert_true(count > 100);
}

/* What a patch makes of a document, the patch between the two makes of it, too. */
static void a_patch_between_two_documents_leads_from_one_to_the_other(void **state)
{
    const struct json *list = suite(*state, "json_patch_tests");
    struct error error;
    for (size_t i = 0; i < list->count; i++) {
        const struct json *from = json_find(&list->items[i], "doc");
        const struct json *to = json_find(&list->items[i], "expected");
        const struct json *patch = NULL;
        const struct json *result = NULL;
        if (!to)
            continue;
        assert_true(json_patch_between(*state, from, to, &patch, &error));
        assert_true(json_patch(*state, from, patch, &result, &error));
        assert_true(json_equal(result, to));
        assert_int_equal(patch->count == 0, json_equal(from, to));
    }
}

static void members_keep_their_places(void **state)
{
    static const char document[] =
        "{\"Version\": 1, \"Statement\": [{\"Sid\": \"a\", \"Effect\": \"Deny\", \"Action\": \"x\"}]}";
    static const char patch[] = "[{\"op\": \"test\", \"path\": \"/Version\", \"value\": 1},"
                                "{\"op\": \"replace\", \"path\": \"/Statement/0/Effect\", \"value\": \"Allow\"},"
                                "{\"op\": \"add\", \"path\": \"/Statement/0/Resource\", \"value\": \"*\"}]";
    const struct json *result = NULL;
    struct error error;
    assert_true(json_patch(*state, parsed(*state, document), parsed(*state, patch), &result, &error));
    assert_str_equal(json_text(*state, result, 0),
                     STR("{\"Version\":1,\"Statement\":[{\"Sid\":\"a\",\"Effect\":\"Allow\","
                         "\"Action\":\"x\",\"Resource\":\"*\"}]}"));
    assert_true(
        json_merge(*state, parsed(*state, document), parsed(*state, "{\"Version\": 2, \"Id\": 3}"), &result, &error));
    assert_true(str_starts(json_text(*state, result, 0), STR("{\"Version\":2,\"Statement\":")));
    assert_true(str_ends(json_text(*state, result, 0), STR(",\"Id\":3}")));
}

static void says_what_cannot_be_patched(void **state)
{
    const struct json nul = {.type = JSON_STRING, .string = STR_INIT("a\0b")};
    const struct json *deep = json_box(*state, json_number(1));
    const struct json *result = NULL;
    struct error error;
    for (int i = 0; i < 1000; i++)
        deep = json_box(*state, json_array(deep, 1));
    assert_false(json_merge(*state, &nul, parsed(*state, "{}"), &result, &error));
    assert_non_null(strstr(error.text, "U+0000"));
    assert_false(json_patch(*state, deep, parsed(*state, "[]"), &result, &error));
    assert_non_null(strstr(error.text, "1000 levels"));
    assert_false(json_patch(*state, parsed(*state, "{}"), parsed(*state, "{}"), &result, &error));
    assert_non_null(strstr(error.text, "array of operations"));
    assert_false(json_patch(*state, parsed(*state, "{}"), parsed(*state, "[{\"op\": \"spam\", \"path\": \"\"}]"),
                            &result, &error));
    assert_non_null(strstr(error.text, "patch operation /0: \"op\" must be one of"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(applies_the_examples_of_rfc_6902),
        arena_test(applies_the_examples_of_rfc_7396),
        arena_test(passes_the_public_suites_and_the_cases_that_they_lack),
        arena_test(a_patch_between_two_documents_leads_from_one_to_the_other),
        arena_test(members_keep_their_places),
        arena_test(says_what_cannot_be_patched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
