#include "cmocka_all.h"

#include "base/json/json.h"

static bool parse(struct arena *arena, const char *text, const struct json **ret, struct error *error)
{
    return json_parse(arena, STR("doc.json"), str_from(text), &json_limits_default, ret, error);
}

static const struct json *parsed(struct arena *arena, const char *text)
{
    const struct json *value = NULL;
    struct error error = {0};
    if (!parse(arena, text, &value, &error))
        fail_msg("%s", error.text);
    return value;
}

static void reads_every_type(void **state)
{
    const struct json *value =
        parsed(*state, " {\"a\": [1, -2.5e3, true, false, null, \"x\\u00e9\\ud83d\\ude00\\n\"]} ");
    const struct json *items = json_find(value, "a");
    assert_int_equal(items->count, 6);
    assert_true(items->items[1].number == -2500);
    assert_true(items->items[2].boolean);
    assert_int_equal(items->items[4].type, JSON_NULL);
    assert_str_equal(items->items[5].string, STR("x\xC3\xA9\xF0\x9F\x98\x80\n"));
}

static void a_text_that_is_kept_is_shared(void **state)
{
    const char *text = "{\"plain\": \"as it is\", \"escaped\": \"a\\nb\"}";
    const struct json *value;
    struct error error;
    assert_true(json_parse_kept(*state, STR("x"), str_from(text), &json_limits_default, &value, &error));
    struct str plain = json_find_string(value, "plain");
    assert_str_equal(plain, STR("as it is"));
    assert_ptr_equal(plain.ptr, strstr(text, "as it is"));
    assert_str_equal(json_find_string(value, "escaped"), STR("a\nb"));
}

static void names_the_place_of_each_mistake(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"", "doc.json:1:1: expected a value, found the end"},
        {"{\"a\":1,}", "doc.json:1:8: expected a member's name in double quotes, found '}'"},
        {"[1,\n 2,,3]", "doc.json:2:4: expected a value, found ','"},
        {"[1] x", "doc.json:1:5: expected nothing after the value, found 'x'"},
        {"{\"a\":1,\n\"a\":2}", "doc.json:2:5: expected each name once in an object, found \"a\" twice"},
        {"{\"a\":1,\n\"\\u0061\":2}", "doc.json:2:10: expected each name once in an object, found \"a\" twice"},
        {"\"a\\u0000b\"", "doc.json:1:3: expected no \\u0000 in a string, found '\\'"},
        {"\"\\ud800\"", "doc.json:1:8: expected a low surrogate (\\uDC00 to \\uDFFF) after a high one, found '\"'"},
        {"\"\\udc00\"", "doc.json:1:2: expected a high surrogate before this low one, found '\\'"},
        {"\"\xff\"", "doc.json:1:1: expected UTF-8 in this string, found '\"'"},
        {"01", "doc.json:1:2: expected nothing after the value, found '1'"},
        {"1.", "doc.json:1:3: expected a digit, found the end"},
        {"nul", "doc.json:1:1: expected a value, found 'n'"},
        {"'a'", "doc.json:1:1: expected a value, found '''"},
        {"\"a\tb\"", "doc.json:1:3: expected no control character in a string, found byte 0x09"},
        {"1e999", "doc.json:1:1: expected a number within the range of a double, found '1'"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct json *value = NULL;
        struct error error = {0};
        assert_false(parse(*state, cases[i].text, &value, &error));
        assert_string_equal(error.text, cases[i].message);
        assert_null(value);
    }
}

static void refuses_what_is_too_deep_or_too_long(void **state)
{
    const struct json_limits limits = {.max_bytes = 100, .max_depth = 3};
    const struct json *value;
    struct error error = {0};
    assert_true(json_parse(*state, STR("x"), STR("[[[1]]]"), &limits, &value, &error));
    assert_false(json_parse(*state, STR("x"), STR("[[[[1]]]]"), &limits, &value, &error));
    assert_true(error_is(&error, ERROR_LIMIT));
    char long_text[200];
    memset(long_text, ' ', sizeof long_text);
    assert_false(json_parse(*state, STR("x"), (struct str){long_text, 150}, &limits, &value, &error));
    assert_true(error_is(&error, ERROR_LIMIT));
}

static void finds_duplicates_in_large_objects(void **state)
{
    struct buf buf = buf_make(*state, BUF_NO_MAX);
    buf_add_c(&buf, "{");
    for (int i = 0; i < 1000; i++)
        buf_addf(&buf, "\"k%d\":%d,", i, i);
    struct buf twice = buf_make(*state, BUF_NO_MAX);
    buf_addf(&twice, "%.*s\"k500\":1}", STR_ARG(buf_str(&buf)));
    buf_add_c(&buf, "\"last\":1}");
    const struct json *value;
    struct error error;
    assert_true(json_parse(*state, STR("x"), buf_str(&buf), &json_limits_default, &value, &error));
    assert_int_equal(value->count, 1001);
    assert_false(json_parse(*state, STR("x"), buf_str(&twice), &json_limits_default, &value, &error));
}

/* Strings are read eight bytes at a time: each kind of end at each place, behind plain bytes and wide ones. */
static void finds_the_end_of_a_string_at_each_place(void **state)
{
    struct arena *arena = *state;
    static const struct {
        const char *text;
        const char *value;
    } ends[] = {{"\"", ""}, {"\\n\"", "\n"}, {"\\\"x\"", "\"x"}, {"\xC3\xA9\"", "\xC3\xA9"}, {"\x7F\"", "\x7F"}};
    for (int before = 0; before < 20; before++) {
        for (size_t i = 0; i < COUNT_OF(ends); i++) {
            struct str plain = str_format(arena, "%.*s", before, "abcdefghijklmnopqrst");
            struct str text = str_format(arena, "\"%.*s%s", STR_ARG(plain), ends[i].text);
            const struct json *value = NULL;
            assert_true(json_parse(arena, STR("t"), text, &json_limits_default, &value, NULL));
            assert_true(str_equal(value->string, str_join3(arena, plain, str_from(ends[i].value), STR(""))));
        }
        static const char *const wrong[] = {"\x1F\"", "\xC3\"", "\xFF\"", ""};
        for (size_t i = 0; i < COUNT_OF(wrong); i++) {
            struct str text = str_format(arena, "\"%.*s%s", before, "abcdefghijklmnopqrst", wrong[i]);
            const struct json *value = NULL;
            assert_false(json_parse(arena, STR("t"), text, &json_limits_default, &value, NULL));
        }
    }
}

static void finds_duplicates_in_objects_of_each_size(void **state)
{
    struct arena *arena = *state;
    for (int count = 2; count <= 70; count++) {
        struct buf text = buf_make(arena, BUF_NO_MAX);
        for (int i = 0; i < count; i++)
            buf_addf(&text, "%s\"k%dk\": 1", i ? ", " : "{", i);
        struct str good = str_format(arena, "%.*s}", STR_ARG(buf_str(&text)));
        struct str bad = str_format(arena, "%.*s, \"k%dk\": 2}", STR_ARG(buf_str(&text)), count / 2);
        const struct json *value = NULL;
        assert_true(json_parse(arena, STR("t"), good, &json_limits_default, &value, NULL));
        assert_false(json_parse(arena, STR("t"), bad, &json_limits_default, &value, NULL));
    }
}

static void finds_members_one_after_the_other(void **state)
{
    const struct json *object = parsed(*state, "{\"a\": 1, \"b\": 2, \"c\": 3}");
    size_t next = 0;
    assert_ptr_equal(json_get_next(object, STR("b"), &next), json_find(object, "b"));
    assert_int_equal(next, 2);
    assert_null(json_get_next(object, STR("x"), &next));
    assert_int_equal(next, 2);
    assert_ptr_equal(json_get_next(object, STR("c"), &next), json_find(object, "c"));
    assert_ptr_equal(json_get_next(object, STR("a"), &next), json_find(object, "a")); /* from the beginning again */
    assert_null(json_get_next(NULL, STR("a"), &next));
}

static void remembers_where_values_stood(void **state)
{
    struct str text = STR("{\n  \"a\": [1,\n    {\"b\": 2}]\n}");
    const struct json *value;
    struct error error;
    assert_true(json_parse(*state, STR("x"), text, &json_limits_default, &value, &error));
    struct json_place place = json_place(text, json_pointer(value, STR("/a/1/b")));
    assert_int_equal(place.line, 3);
    assert_int_equal(place.column, 11);
}

static void resolves_pointers(void **state)
{
    const struct json *value = parsed(*state, "{\"a/b\": {\"m~n\": [10, 20]}, \"\": 7}");
    assert_true(json_pointer(value, STR("/a~1b/m~0n/1"))->number == 20);
    assert_true(json_pointer(value, STR("/"))->number == 7);
    assert_ptr_equal(json_pointer(value, STR("")), value);
    assert_null(json_pointer(value, STR("/a~1b/m~0n/01")));
    assert_null(json_pointer(value, STR("/a~1b/m~0n/2")));
    assert_null(json_pointer(value, STR("nope")));
}

static void writes_what_it_reads(void **state)
{
    const char *text = "{\"a\":[1,-2.5,1e+300,true,null,\"q\\\"\\\\\\n\\u0001\"],\"b\":{}}";
    assert_str_equal(json_text(*state, parsed(*state, text), 0), str_from(text));
    assert_str_equal(json_text(*state, parsed(*state, "{\"a\":[1],\"b\":[]}"), 2),
                     STR("{\n  \"a\": [\n    1\n  ],\n  \"b\": []\n}"));
}

static void writes_numbers_that_read_back_the_same(void **state)
{
    static const struct {
        double number;
        const char *text;
    } cases[] = {
        {0, "0"},        {-0.0, "0"}, {123456789012, "123456789012"}, {0.1, "0.1"}, {1.0 / 3, "0.3333333333333333"},
        {1e21, "1e+21"}, {-5, "-5"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct json number = json_number(cases[i].number);
        assert_str_equal(json_text(*state, &number, 0), str_from(cases[i].text));
    }
}

static void replaces_bytes_that_are_no_utf8(void **state)
{
    struct json text = json_string(STR("a\xff\xC3\xA9\xE2\x82"));
    assert_str_equal(json_text(*state, &text, 0), STR("\"a\xEF\xBF\xBD\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD\""));
}

static void compares_objects_in_any_order(void **state)
{
    const struct json *a = parsed(*state, "{\"a\":1,\"b\":[1,2]}");
    assert_true(json_equal(a, parsed(*state, "{\"b\":[1,2],\"a\":1}")));
    assert_false(json_equal(a, parsed(*state, "{\"b\":[2,1],\"a\":1}")));
    assert_false(json_equal(a, parsed(*state, "{\"a\":1,\"c\":[1,2]}")));
    assert_false(json_equal(a, parsed(*state, "{\"a\":1}")));
}

static void builds_arrays_and_objects(void **state)
{
    struct json_builder array = json_build(*state, JSON_ARRAY);
    for (int i = 0; i < 20; i++)
        json_build_add(&array, json_number(i));
    struct json_builder object = json_build(*state, JSON_OBJECT);
    json_build_set(&object, STR("list"), json_built(&array));
    json_build_set(&object, STR("x"), json_true);
    json_build_set(&object, STR("list"), json_null);
    struct json built = json_built(&object);
    assert_str_equal(json_text(*state, &built, 0), STR("{\"list\":null,\"x\":true}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(reads_every_type),
        arena_test(a_text_that_is_kept_is_shared),
        arena_test(names_the_place_of_each_mistake),
        arena_test(refuses_what_is_too_deep_or_too_long),
        arena_test(finds_duplicates_in_large_objects),
        arena_test(finds_the_end_of_a_string_at_each_place),
        arena_test(finds_duplicates_in_objects_of_each_size),
        arena_test(finds_members_one_after_the_other),
        arena_test(remembers_where_values_stood),
        arena_test(resolves_pointers),
        arena_test(writes_what_it_reads),
        arena_test(writes_numbers_that_read_back_the_same),
        arena_test(replaces_bytes_that_are_no_utf8),
        arena_test(compares_objects_in_any_order),
        arena_test(builds_arrays_and_objects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
