/* csv_alike_test.c: the reader of headers and the reader of whole files take the same text for the same fields. */
#include "aws/shape/csv.h"
#include "costs/csv.h"

#include "cmocka_all.h"

#include <string.h>

enum { TEXTS = 20000, LENGTH_MAX = 90, FIELDS_MAX = LENGTH_MAX + 1 };

/* A row of it, field by field; false where the text breaks off within quotes. */
static bool header_row(struct arena *arena, struct csv *csv, struct str *fields, size_t *ret_count)
{
    struct buf field = buf_make(arena, BUF_NO_MAX);
    for (*ret_count = 0;;) {
        enum csv_after after = csv_take_field(csv, &field);
        if (after == CSV_CUT)
            return false;
        fields[(*ret_count)++] = str_copy(arena, buf_str(&field));
        if (after == CSV_ROW)
            return true;
    }
}

/* What a blank line is: a record without fields there, one empty field here. */
static void assert_same_row(struct arena *arena, const struct csv_field *raw, size_t raw_count,
                            const struct str *fields, size_t count)
{
    struct buf scratch = buf_make(arena, BUF_NO_MAX);
    assert_int_equal(count, raw_count ? raw_count : 1);
    for (size_t i = 0; i < raw_count; i++)
        assert_true(str_equal(csv_text(raw[i].raw, &scratch), fields[i]));
}

static void read_both(struct arena *arena, struct str text)
{
    struct csv_column columns[FIELDS_MAX];
    struct csv_field raw[FIELDS_MAX];
    struct str fields[FIELDS_MAX];
    struct csv_wanted wanted = csv_every_field(columns, FIELDS_MAX);
    char *padded = arena_array(arena, char, (size_t)text.len + CSV_SLACK);
    memcpy(padded, text.ptr, (size_t)text.len);
    struct csv_scanner scanner = csv_scanner(padded, (size_t)text.len);
    struct csv header = csv_open(text, true);
    struct csv_record record = {.end = 0};
    while (record.end < (size_t)text.len) {
        size_t count = 0;
        assert_true(csv_next(&scanner, record.end, true, &wanted, raw, FIELDS_MAX, &record));
        bool whole = header_row(arena, &header, fields, &count);
        assert_int_equal(whole, !record.unclosed);
        if (!whole)
            return;
        assert_same_row(arena, raw, record.count, fields, count);
        assert_int_equal(header.at, record.end);
    }
    assert_true(csv_is_over(&header));
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525U + 1013904223U;
    return *state >> 16;
}

static void both_readers_take_the_same_text_for_the_same_fields(void **state)
{
    static const char letters[] = "ab,\"\n\r,\"\n ";
    struct arena *arena = *state;
    uint32_t seed = 9;
    for (size_t i = 0; i < TEXTS; i++) {
        struct arena_mark mark = arena_mark(arena);
        char text[LENGTH_MAX] = "";
        ptrdiff_t length = (ptrdiff_t)(next_random(&seed) % LENGTH_MAX);
        for (ptrdiff_t k = 0; k < length; k++)
            text[k] = letters[next_random(&seed) % (sizeof letters - 1)];
        read_both(arena, (struct str){text, length});
        arena_rewind(arena, mark);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(both_readers_take_the_same_text_for_the_same_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
