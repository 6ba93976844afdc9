/* csv_test.c: records and fields, against what Python's csv module gives (tests/e2e/costs_csv_test.py has thousands).
 */
#include "costs/csv.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <string.h>

enum { FIELDS = 8 };

/* All records as text: fields with `|` behind each, records with `/`; `?`: the last one does not end. */
static struct str records_of(struct arena *arena, const char *text, bool is_last)
{
    struct csv_column columns[FIELDS];
    const struct csv_wanted wanted = csv_every_field(columns, FIELDS);
    struct buf out = buf_make(arena, 1 << 16), scratch = buf_make(arena, 1 << 16);
    struct csv_field fields[FIELDS];
    struct csv_record record;
    size_t length = strlen(text);
    char *padded = arena_array(arena, char, length + CSV_SLACK);
    memcpy(padded, text, length);
    struct csv_scanner scanner = csv_scanner(padded, length);
    for (size_t at = 0; at < length; at = record.end) {
        if (!csv_next(&scanner, at, is_last, &wanted, fields, FIELDS, &record)) {
            buf_add_c(&out, "?");
            break;
        }
        for (size_t i = 0; i < record.count && i < FIELDS; i++) {
            buf_add(&out, csv_text(fields[i].raw, &scratch));
            buf_add_c(&out, "|");
        }
        buf_add_c(&out, record.unclosed ? "!" : "/");
    }
    return buf_str(&out);
}

static void reads_records(void **state)
{
    static const char *const rows[][2] = {
        {"a,b\nc,d\n", "a|b|/c|d|/"},
        {"a,b\r\nc,d\r\n", "a|b|/c|d|/"},
        {"a,b\rc,d", "a|b|/c|d|/"},
        {"a,b", "a|b|/"},
        {",\n", "||/"},
        {"\n\na\n", "//a|/"},
        {"\"a,b\"\n", "a,b|/"},
        {"\"a\nb\",c\n", "a\nb|c|/"},
        {"\"a\r\nb\",c\n", "a\r\nb|c|/"},
        {"\"a\"\"b\",c\n", "a\"b|c|/"},
        {"\"\",c\n", "|c|/"},
        {"a\"b,c\n", "a\"b|c|/"},
        {"\"a\"b,c\n", "ab|c|/"},
        {"\"a\"b\"c,d\n", "ab\"c|d|/"},
        {"\"{\"\"k\"\":\"\"v,w\"\"}\",x\n", "{\"k\":\"v,w\"}|x|/"},
        {"\"open", "open|!"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str found = records_of(*state, rows[i][0], true);
        if (!str_equal(found, str_from(rows[i][1])))
            fail_msg("row %zu: %.*s", i, STR_ARG(found));
    }
}

static void waits_for_the_end_of_a_record(void **state)
{
    static const char *const rows[][2] = {
        {"a,b\nc", "a|b|/?"}, {"a,b\nc,\"d", "a|b|/?"}, {"a\r", "?"}, {"a,\"b\"", "?"}, {"a\n", "a|/"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_str_equal(records_of(*state, rows[i][0], false), str_from(rows[i][1]));
}

/* Wherever the blocks of 64 bytes end. */
static void finds_ends_at_every_place(void **state)
{
    char text[400];
    for (int first = 0; first < 140; first++) {
        char expected[400];
        snprintf(text, sizeof text, "%0*d,\"%0*d,\",y\n", first + 1, 0, first + 1, 0);
        snprintf(expected, sizeof expected, "%0*d|%0*d,|y|/", first + 1, 0, first + 1, 0);
        assert_str_equal(records_of(*state, text, true), str_from(expected));
    }
}

static void counts_lines(void **state)
{
    (void)state;
    static const struct csv_column first = {0, 0};
    const struct csv_wanted wanted = {&first, 1};
    char text[128] = "\"a\nb\nc\",d\r\nnext";
    struct csv_scanner scanner = csv_scanner(text, strlen(text));
    struct csv_field field;
    struct csv_record record;
    assert_true(csv_next(&scanner, 0, true, &wanted, &field, 1, &record));
    assert_int_equal(record.lines, 3);
    assert_int_equal(record.count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_records),
        cmocka_unit_test(waits_for_the_end_of_a_record),
        cmocka_unit_test(finds_ends_at_every_place),
        cmocka_unit_test(counts_lines),
    };
    return cmocka_run_group_tests(tests, open_test_arena, close_test_arena);
}
