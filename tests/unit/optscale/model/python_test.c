/* python_test.c: repr() and replace() against what Python 3.11 prints. */
#include "optscale/model/python.h"

#include "cmocka_all.h"

static void check_repr(struct arena *arena, struct str text, const char *expected)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    python_repr(&buf, text);
    assert_str_equal(buf_str(&buf), str_from(expected));
}

static void quotes_as_python_does(void **state)
{
    check_repr(*state, STR("a/b"), "'a/b'");
    check_repr(*state, STR("team'cur"), "\"team'cur\"");
    check_repr(*state, STR("\"etag\""), "'\"etag\"'");
    check_repr(*state, STR("a'b\"c"), "'a\\'b\"c'");
    check_repr(*state, STR("back\\slash"), "'back\\\\slash'");
}

static void escapes_what_cannot_be_printed(void **state)
{
    check_repr(*state, STR("a\nb\tc\r"), "'a\\nb\\tc\\r'");
    check_repr(*state, STR("\x01\x7f"), "'\\x01\\x7f'");
    check_repr(*state, STR("\xc3\xa9"), "'\xc3\xa9'");
    check_repr(*state, STR("\xc2\xa0"), "'\\xa0'");
    check_repr(*state, STR("\xe2\x80\x8b"), "'\\u200b'");
    check_repr(*state, STR("\xf0\x9f\x98\x80"), "'\xf0\x9f\x98\x80'");
    check_repr(*state, STR("\xf3\xa0\x80\x81"), "'\\U000e0001'");
}

static void ends_with_a_cut_sequence(void **state)
{
    check_repr(*state, STR("a\xe2\x80"), "'a\\udce2\\udc80'");
}

static void check_time(struct arena *arena, int64_t microseconds, const char *expected)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    python_repr_time(&buf, microseconds);
    assert_str_equal(buf_str(&buf), str_from(expected));
}

static void leaves_zero_seconds_out(void **state)
{
    int64_t at = INT64_C(1767694260) * 1000000;
    check_time(*state, at, "datetime.datetime(2026, 1, 6, 10, 11, tzinfo=tzlocal())");
    check_time(*state, at + 12000000, "datetime.datetime(2026, 1, 6, 10, 11, 12, tzinfo=tzlocal())");
    check_time(*state, at + 5, "datetime.datetime(2026, 1, 6, 10, 11, 0, 5, tzinfo=tzlocal())");
}

static void removes_every_occurrence(void **state)
{
    assert_str_equal(python_remove_all(*state, STR("aXbXc"), STR("X")), STR("abc"));
    assert_str_equal(python_remove_all(*state, STR("aaa"), STR("aa")), STR("a"));
    assert_str_equal(python_remove_all(*state, STR("abc"), STR("")), STR("abc"));
    assert_str_equal(python_remove_all(*state, STR("ab"), STR("ab")), STR(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(quotes_as_python_does),    arena_test(escapes_what_cannot_be_printed),
        arena_test(ends_with_a_cut_sequence), arena_test(leaves_zero_seconds_out),
        arena_test(removes_every_occurrence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
