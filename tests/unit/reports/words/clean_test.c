/* What clean.h takes out of a text, and that it leaves everything else alone. */
#include "reports/words/clean.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define BAD "\xEF\xBF\xBD"

static const struct {
    const char *text;
    const char *line;
    const char *block;
    const char *xml;
} cases[] = {
    {"plain", "plain", "plain", "plain"},
    {"a\nb\tc", "a b c", "a\nb\tc", "a\nb\tc"},
    {"a\r\nb\rc", "a b c", "a\nb\nc", "a\nb\nc"},
    {"\x1b[31mred\x1b[0m", "red", "red", "red"},
    {"\x1b]0;title\x07text", "text", "text", "text"},
    {"\x1b[", "", "", ""},
    {"\x1b", "", "", ""},
    {"bell\x07", "bell" BAD, "bell" BAD, "bell" BAD},
    {"del\x7f", "del" BAD, "del" BAD, "del\x7f"},
    {"c1\xC2\x9B", "c1" BAD, "c1" BAD, "c1\xC2\x9B"},
    {"\xE2\x80\xAEturned", BAD "turned", BAD "turned", BAD "turned"},
    {"\xEF\xBF\xBE", BAD, BAD, BAD},
    {"ü日😀", "ü日😀", "ü日😀", "ü日😀"},
    {"cut \xE6\x97", "cut " BAD BAD, "cut " BAD BAD, "cut " BAD BAD},
    {"over\xC0\xAF", "over" BAD BAD, "over" BAD BAD, "over" BAD BAD},
    {"\xED\xA0\x80", BAD BAD BAD, BAD BAD BAD, BAD BAD BAD},
    {"\xF4\x90\x80\x80", BAD BAD BAD BAD, BAD BAD BAD BAD, BAD BAD BAD BAD},
    {"\xFF", BAD, BAD, BAD},
};

static void check(struct str made, const char *expected)
{
    if (!str_equal(made, str_from(expected)))
        fail_msg("made '%.*s', expected '%s'", STR_ARG(made), expected);
}

static void takes_out_what_each_purpose_cannot_carry(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct str text = str_from(cases[i].text);
        check(clean_line(arena, text), cases[i].line);
        check(clean_block(arena, text), cases[i].block);
        check(clean_xml(arena, text), cases[i].xml);
    }
    arena_close(arena);
}

static void cleaning_twice_changes_nothing_more(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct str once = clean_line(arena, str_from(cases[i].text));
        assert_true(str_equal(clean_line(arena, once), once));
        once = clean_xml(arena, str_from(cases[i].text));
        assert_true(str_equal(clean_xml(arena, once), once));
    }
    arena_close(arena);
}

static void plain_text_is_not_copied(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    struct str text = STR("arn:aws:s3:::acme-billing/cur2/*");
    assert_ptr_equal(clean_line(arena, text).ptr, text.ptr);
    arena_close(arena);
}

static void nul_inside_a_text_does_not_end_it(void **state)
{
    (void)state;
    struct arena *arena = arena_open(0);
    check(clean_line(arena, STR("a\0b")), "a" BAD "b");
    check(clean_xml(arena, STR("a\0b")), "a" BAD "b");
    arena_close(arena);
}

static void width_counts_code_points(void **state)
{
    (void)state;
    assert_int_equal(clean_width(STR("abc")), 3);
    assert_int_equal(clean_width(STR("ü✓")), 2);
    assert_int_equal(clean_width(STR("")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_out_what_each_purpose_cannot_carry),
        cmocka_unit_test(cleaning_twice_changes_nothing_more),
        cmocka_unit_test(plain_text_is_not_copied),
        cmocka_unit_test(nul_inside_a_text_does_not_end_it),
        cmocka_unit_test(width_counts_code_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
