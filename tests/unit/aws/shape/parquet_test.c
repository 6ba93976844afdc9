/* parquet_test.c: what the footer of a Parquet file says of its export, and that nothing else of it is kept. */
#include "aws/protocol/decode.h"
#include "aws/protocol/rows.h"
#include "aws/shape/parquet.h"
#include "aws/shape/thrift.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HOUR STR("2026-11-01T00:00:00Z/2026-11-01T01:00:00Z")
#define MONTH STR("2026-11-01T00:00:00Z/2026-12-01T00:00:00Z")

static int open_arena(void **state)
{
    *state = arena_open(0);
    return 0;
}

static int close_arena(void **state)
{
    arena_close(*state);
    return 0;
}

/* What is kept of a file with this end. */
static const struct json *kept(struct arena *arena, struct str tail)
{
    const struct json *found;
    struct wire_answer wire = {.status = 206, .body = tail};
    struct error error;
    if (!decode_body(arena, DECODE_PARQUET_FOOTER, &wire, &found, &error))
        fail_msg("%s", error.text);
    assert_false(str_contains(json_text(arena, found, 0), STR("marked")));
    return found;
}

static void assert_kept(struct arena *arena, struct str tail, const char *expected)
{
    const struct json *found = kept(arena, tail);
    const struct json *wanted;
    assert_true(json_parse(arena, STR("expected"), str_from(expected), &json_limits_default, &wanted, NULL));
    if (!json_equal(found, wanted))
        fail_msg("found %.*s", STR_ARG(json_text(arena, found, 0)));
}

static struct str file_of_corpus(struct arena *arena, const char *path)
{
    struct str bytes;
    assert_true(file_read(arena, path, 1 << 20, &bytes, NULL));
    return bytes;
}

/* A file with one group of rows, of which the footer says this. */
static struct str made(struct arena *arena, const struct parquet_chunk *chunks, size_t count)
{
    static const struct str columns[] = {STR_INIT("identity_time_interval"), STR_INIT("bill_payer_account_id")};
    struct parquet_footer footer = {columns, COUNT_OF(columns), chunks, count};
    return parquet_write(arena, &footer);
}

static struct str with_interval(struct arena *arena, struct str min, struct str max, int64_t rows)
{
    struct parquet_chunk chunk = {STR("identity_time_interval"), min, max, true, rows};
    return made(arena, &chunk, 1);
}

static struct str with_payer(struct arena *arena, struct str min, struct str max, bool bounded)
{
    struct parquet_chunk chunk = {STR("bill_payer_account_id"), min, max, bounded, 5};
    return made(arena, &chunk, 1);
}

#define COLUMNS "\"Header\": [\"identity_time_interval\", \"bill_payer_account_id\"]"

#define ARROW_COLUMNS                                                                                                  \
    "{\"Header\": [\"identity_time_interval\", \"bill_payer_account_id\", \"line_item_currency_code\", "               \
    "\"line_item_resource_id\", \"line_item_blended_cost\", \"product\"]"

static void a_file_of_apache_arrow_tells_its_columns_and_what_all_rows_agree_on(void **state)
{
    struct arena *a = *state;
    const char *told = ARROW_COLUMNS
        ", \"Derived\": {\"Granularity\": \"HOURLY\", \"Payer\": \"123456789012\", \"Currency\": \"EUR\"}}";
    assert_kept(a, file_of_corpus(a, "tests/fuzz/corpus/parquet/arrow-hourly.parquet"), told);
    assert_kept(a, file_of_corpus(a, "tests/fuzz/corpus/parquet/arrow-v1.parquet"), told);
    assert_kept(a, file_of_corpus(a, "tests/fuzz/corpus/parquet/arrow-no-bounds.parquet"), ARROW_COLUMNS "}");
}

static void what_groups_of_rows_do_not_agree_on_is_not_kept(void **state)
{
    struct arena *a = *state;
    struct str one = STR("123456789012");
    assert_kept(a, with_payer(a, one, one, true), "{" COLUMNS ", \"Derived\": {\"Payer\": \"123456789012\"}}");
    assert_kept(a, with_payer(a, one, STR("210987654321"), true), "{" COLUMNS "}");
    assert_kept(a, with_payer(a, one, one, false), "{" COLUMNS "}");
    assert_kept(a, with_payer(a, STR("marked"), STR("marked"), true), "{" COLUMNS "}");
}

static void the_shortest_of_the_bounds_is_the_granularity(void **state)
{
    struct arena *a = *state;
    const char *hourly = "{" COLUMNS ", \"Derived\": {\"Granularity\": \"HOURLY\"}}";
    assert_kept(a, with_interval(a, HOUR, MONTH, 9), hourly);
    assert_kept(a, with_interval(a, MONTH, HOUR, 9), hourly);
}

static void a_file_is_monthly_only_where_all_of_many_rows_are(void **state)
{
    struct arena *a = *state;
    struct str other = STR("2026-12-01T00:00:00Z/2027-01-01T00:00:00Z");
    assert_kept(a, with_interval(a, MONTH, MONTH, ROWS_OF_A_MONTHLY_FILE),
                "{" COLUMNS ", \"Derived\": {\"Granularity\": \"MONTHLY\"}}");
    assert_kept(a, with_interval(a, MONTH, other, ROWS_OF_A_MONTHLY_FILE), "{" COLUMNS "}");
    assert_kept(a, with_interval(a, MONTH, MONTH, 3), "{" COLUMNS "}");
}

static void what_is_kept_makes_a_file_that_says_the_same(void **state)
{
    struct arena *a = *state;
    const struct json *value = kept(a, file_of_corpus(a, "tests/fuzz/corpus/parquet/arrow-hourly.parquet"));
    struct str body;
    assert_true(decode_body_encode(a, value, STR("cur2/optscale-00001.snappy.parquet"), &body));
    assert_true(json_equal(value, kept(a, body)));
}

static void the_end_of_a_file_is_enough_and_less_is_not(void **state)
{
    struct arena *a = *state;
    struct str whole = file_of_corpus(a, "tests/fuzz/corpus/parquet/arrow-v1.parquet");
    struct wire_answer wire = {.status = 206};
    const struct json *found;
    struct error error = {.code = ""};
    wire.body = str_skip(whole, 4);
    assert_true(decode_body(a, DECODE_PARQUET_FOOTER, &wire, &found, &error));
    wire.body = str_skip(whole, whole.len - 100);
    assert_false(decode_body(a, DECODE_PARQUET_FOOTER, &wire, &found, &error));
    assert_non_null(strstr(error.text, "longer than what was read"));
    wire.body = str_slice(whole, 0, whole.len - 1);
    assert_false(decode_body(a, DECODE_PARQUET_FOOTER, &wire, &found, &error));
    assert_string_equal(error.code, ANSWER_BAD);
}

static void a_footer_that_nests_without_end_is_damaged(void **state)
{
    struct arena *a = *state;
    struct buf buf = buf_make(a, BUF_NO_MAX);
    for (int i = 0; i < 200; i++)
        buf_add_char(&buf, (char)(1 << 4 | THRIFT_STRUCT));
    buf_add(&buf, (struct str){"\xc8\0\0\0PAR1", 8});
    struct wire_answer wire = {.status = 206, .body = buf_str(&buf)};
    const struct json *found;
    struct error error;
    assert_false(decode_body(a, DECODE_PARQUET_FOOTER, &wire, &found, &error));
    assert_non_null(strstr(error.text, "damaged"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_of_apache_arrow_tells_its_columns_and_what_all_rows_agree_on),
        TEST(what_groups_of_rows_do_not_agree_on_is_not_kept),
        TEST(the_shortest_of_the_bounds_is_the_granularity),
        TEST(a_file_is_monthly_only_where_all_of_many_rows_are),
        TEST(what_is_kept_makes_a_file_that_says_the_same),
        TEST(the_end_of_a_file_is_enough_and_less_is_not),
        TEST(a_footer_that_nests_without_end_is_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
