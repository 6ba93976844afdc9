/* decode_test.c: the header row of billing files, whole and cut, in every compression. */
#include "aws/protocol/decode.h"
#include "aws/shape/inflate.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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

static struct wire_answer whole(struct str body)
{
    return (struct wire_answer){.status = 200, .body = body};
}

static struct wire_answer part(struct str body)
{
    static const struct http_header range = {STR_INIT("Content-Range"), STR_INIT("bytes 0-65535/9999999")};
    return (struct wire_answer){.status = 206, .headers = {&range, 1}, .body = body};
}

static void assert_header(struct arena *arena, struct wire_answer wire, const char *expected)
{
    const struct json *found;
    const struct json *value;
    struct error error;
    assert_true(json_parse(arena, STR("test"), str_from(expected), &json_limits_default, &value, NULL));
    if (!decode_body(arena, DECODE_CSV_HEADER, &wire, &found, &error))
        fail_msg("%s", error.text);
    if (!json_equal(json_find(found, "Header"), value))
        fail_msg("found %.*s", STR_ARG(json_text(arena, found, 0)));
}

static void assert_bad(struct arena *arena, enum decode_kind kind, struct wire_answer wire)
{
    const struct json *found;
    struct error error;
    assert_false(decode_body(arena, kind, &wire, &found, &error));
    assert_true(error_is(&error, ANSWER_BAD));
}

/* A file with more rows than the first 64 KiB, compressed, can hold: its rows do not compress well. */
static struct str long_file(struct arena *arena)
{
    struct buf file = buf_make(arena, (size_t)8 << 20);
    uint64_t state = 42;
    buf_add_c(&file, "bill_payer_account_id,\"line_item_usage_amount\"\n");
    while (file.len < (size_t)400 << 10) {
        state = state * 6364136223846793005U + 1442695040888963407U;
        buf_addf(&file, "%llu,%llu\n", (unsigned long long)(state >> 11), (unsigned long long)(state >> 7));
    }
    return buf_str(&file);
}

static void the_first_row_is_split_at_commas(void **state)
{
    struct arena *a = *state;
    assert_header(a, whole(STR("a,b,c\n1,2,3\n")), "[\"a\", \"b\", \"c\"]");
    assert_header(a, whole(STR("a,b\r\n1,2\r\n")), "[\"a\", \"b\"]");
    assert_header(a, whole(STR("\"a,b\",\"c\"\"d\",\"e\nf\"\n1,2,3")), "[\"a,b\", \"c\\\"d\", \"e\\nf\"]");
    assert_header(a,
                  whole(STR("\xEF\xBB\xBF"
                            "a,b")),
                  "[\"a\", \"b\"]");
    assert_header(a, whole(STR("a,,\n")), "[\"a\", \"\", \"\"]");
    assert_header(a, whole(STR("\"\"\n")), "[\"\"]");
    assert_header(a, whole(STR("")), "[]");
}

static void a_row_that_does_not_end_is_bad_where_more_follows(void **state)
{
    struct arena *a = *state;
    assert_bad(a, DECODE_CSV_HEADER, part(STR("a,b")));
    assert_bad(a, DECODE_CSV_HEADER, part(STR("a,\"b\n")));
    assert_bad(a, DECODE_CSV_HEADER, part(STR("")));
    assert_header(a, part(STR("a,b\n1")), "[\"a\", \"b\"]");
}

static void the_beginning_of_a_compressed_file_is_enough(void **state)
{
    struct arena *a = *state;
    const char *expected = "[\"bill_payer_account_id\", \"line_item_usage_amount\"]";
    struct str gzip = deflate_gzip(a, long_file(a));
    struct str zip = deflate_zip(a, STR("r.csv"), long_file(a));
    assert_true(gzip.len > 65536);
    assert_header(a, whole(gzip), expected);
    assert_header(a, part(str_slice(gzip, 0, 65536)), expected);
    assert_header(a, part(str_slice(zip, 0, 65536)), expected);
    assert_header(a, part(str_slice(long_file(a), 0, 65536)), expected);
}

static void what_is_no_csv_is_bad(void **state)
{
    struct arena *a = *state;
    struct str gzip = deflate_gzip(a, STR("a,b\n"));
    char *damaged = str_to_c(a, gzip);
    damaged[12] = (char)(damaged[12] ^ 0x55);
    assert_bad(a, DECODE_CSV_HEADER, whole(STR("PAR1\x15\x04\x15\x10")));
    assert_bad(a, DECODE_CSV_HEADER,
               whole(STR("\xFF\xFE"
                         "a\n")));
    assert_bad(a, DECODE_CSV_HEADER, whole(STR("PK\x03\x04")));
    assert_bad(a, DECODE_CSV_HEADER, whole((struct str){damaged, gzip.len}));
}

static void too_many_columns_are_bad(void **state)
{
    struct arena *a = *state;
    struct buf row = buf_make(a, 1 << 20);
    for (int i = 0; i <= DECODE_MAX_COLUMNS; i++)
        buf_add_c(&row, "c,");
    buf_add_c(&row, "\n");
    assert_bad(a, DECODE_CSV_HEADER, whole(buf_str(&row)));
}

static void a_bomb_is_not_unpacked(void **state)
{
    struct arena *a = *state;
    struct buf zeros = buf_make(a, (size_t)64 << 20);
    for (size_t i = 0; i < (size_t)16 << 20; i++)
        buf_add_char(&zeros, '0');
    assert_bad(a, DECODE_CSV_HEADER, whole(deflate_gzip(a, buf_str(&zeros))));
    assert_true(arena_used(a) < (size_t)128 << 20);
}

static void manifests_are_read_whole(void **state)
{
    struct arena *a = *state;
    const struct json *found;
    struct wire_answer wire = whole(STR("{\"reportKeys\":[\"k\"]}"));
    assert_true(decode_body(a, DECODE_JSON, &wire, &found, NULL));
    assert_non_null(json_pointer(found, STR("/Json/reportKeys/0")));
    assert_bad(a, DECODE_JSON, part(STR("{}")));
    assert_bad(a, DECODE_JSON, whole(STR("{}{}")));
    assert_bad(a, DECODE_JSON, whole(STR("")));
}

static void what_is_encoded_is_decoded(void **state)
{
    struct arena *a = *state;
    static const char *const keys[] = {"k.csv", "k.csv.gz", "p/k.csv.zip"};
    static const char *const values[] = {"{\"Header\":[]}",
                                         "{\"Header\":[\"\"]}",
                                         "{\"Header\":[\"a\",\"b,\\\"\\n\\r\",\"\"]}",
                                         "{\"Json\":{\"a\":[1,null]}}",
                                         "{\"Header\":[\"bill/PayerAccountId\",\"x\",\"identity/TimeInterval\"],"
                                         "\"Derived\":{\"Granularity\":\"MONTHLY\",\"Payer\":\"123456789012\"}}",
                                         "{\"Header\":[\"identity_time_interval\",\"line_item_currency_code\"],"
                                         "\"Derived\":{\"Granularity\":\"DAILY\",\"Currency\":\"EUR\"}}"};
    for (size_t i = 0; i < COUNT_OF(keys) * COUNT_OF(values); i++) {
        const struct json *value;
        const struct json *found;
        struct wire_answer wire = {.status = 200};
        assert_true(
            json_parse(a, STR("test"), str_from(values[i / COUNT_OF(keys)]), &json_limits_default, &value, NULL));
        assert_true(decode_body_encode(a, value, str_from(keys[i % COUNT_OF(keys)]), &wire.body));
        assert_true(decode_body(a, json_find(value, "Json") ? DECODE_JSON : DECODE_CSV_HEADER, &wire, &found, NULL));
        assert_true(json_equal(value, found));
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_row_is_split_at_commas),
        TEST(a_row_that_does_not_end_is_bad_where_more_follows),
        TEST(the_beginning_of_a_compressed_file_is_enough),
        TEST(what_is_no_csv_is_bad),
        TEST(too_many_columns_are_bad),
        TEST(a_bomb_is_not_unpacked),
        TEST(manifests_are_read_whole),
        TEST(what_is_encoded_is_decoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
