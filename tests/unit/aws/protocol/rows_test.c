/* rows_test.c: what the rows of a billing file say of the export, and that they leave nothing else behind. */
#include "aws/protocol/decode.h"
#include "aws/protocol/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HEADER "identity_time_interval,bill_payer_account_id,line_item_currency_code,line_item_resource_id\n"
#define HOUR "2026-11-01T00:00:00Z/2026-11-01T01:00:00Z"
#define DAY "2026-11-01T00:00:00Z/2026-11-02T00:00:00Z"
#define MONTH "2026-11-01T00:00:00Z/2026-12-01T00:00:00Z"

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

/* What is kept of a file with this text; NULL: nothing but the header. */
static const struct json *derived(struct arena *arena, struct str text)
{
    const struct json *found;
    struct wire_answer wire = {.status = 200, .body = text};
    assert_true(decode_body(arena, DECODE_CSV_HEADER, &wire, &found, NULL));
    assert_false(str_contains(json_text(arena, found, 0), STR("i-0marked")));
    return json_find(found, "Derived");
}

static struct str repeat(struct arena *arena, const char *row, int count)
{
    struct buf text = buf_make(arena, BUF_NO_MAX);
    buf_add_c(&text, HEADER);
    for (int i = 0; i < count; i++)
        buf_add_c(&text, row);
    return buf_str(&text);
}

static void assert_member(const struct json *object, const char *member, const char *expected)
{
    struct str found = json_find_string(object, member);
    if (!str_equal(found, str_from(expected)))
        fail_msg("%s: found '%.*s'", member, STR_ARG(found));
}

static void the_shortest_interval_is_the_granularity(void **state)
{
    struct arena *a = *state;
    const char *hour = HOUR ",123456789012,USD,i-0marked\n";
    const char *day = DAY ",123456789012,USD,i-0marked\n";
    assert_member(derived(a, repeat(a, hour, 1)), "Granularity", "HOURLY");
    assert_member(derived(a, repeat(a, day, 3)), "Granularity", "DAILY");
    struct str fee_first = STR(HEADER MONTH ",123456789012,USD,i-0marked\n" DAY ",123456789012,USD,i-0marked\n");
    assert_member(derived(a, fee_first), "Granularity", "DAILY");
}

static void a_file_is_monthly_only_by_many_rows(void **state)
{
    struct arena *a = *state;
    const char *month = MONTH ",123456789012,USD,i-0marked\n";
    assert_member(derived(a, repeat(a, month, ROWS_OF_A_MONTHLY_FILE - 1)), "Granularity", "");
    assert_member(derived(a, repeat(a, month, ROWS_OF_A_MONTHLY_FILE)), "Granularity", "MONTHLY");
}

static void what_rows_do_not_agree_on_is_not_kept(void **state)
{
    struct arena *a = *state;
    struct str two = STR(HEADER DAY ",123456789012,USD,i-0marked\n" DAY ",210987654321,USD,i-0marked\n");
    const struct json *found = derived(a, two);
    assert_member(found, "Payer", "");
    assert_member(found, "Currency", "USD");
    struct str odd = STR(HEADER "i-0marked,i-0marked123,i-0marked,i-0marked\n");
    assert_null(derived(a, odd));
}

static void a_row_that_breaks_off_is_not_read(void **state)
{
    struct arena *a = *state;
    static const struct http_header range = {STR_INIT("Content-Range"), STR_INIT("bytes 0-65535/9999999")};
    struct wire_answer wire = {.status = 206, .headers = {&range, 1}, .body = STR(HEADER DAY ",123456789012")};
    const struct json *found;
    assert_true(decode_body(a, DECODE_CSV_HEADER, &wire, &found, NULL));
    assert_member(json_find(found, "Derived"), "Granularity", "DAILY");
    assert_member(json_find(found, "Derived"), "Payer", "");
}

static void legacy_columns_are_known_and_others_tell_nothing(void **state)
{
    struct arena *a = *state;
    struct str legacy = STR("bill/PayerAccountId,lineItem/CurrencyCode\r\n\"123456789012\",EUR\r\n");
    assert_member(derived(a, legacy), "Payer", "123456789012");
    assert_member(derived(a, legacy), "Currency", "EUR");
    assert_null(derived(a, STR("BilledCost,BillingCurrency\n1,USD\n")));
    assert_null(derived(a, STR(HEADER)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_shortest_interval_is_the_granularity),
        TEST(a_file_is_monthly_only_by_many_rows),
        TEST(what_rows_do_not_agree_on_is_not_kept),
        TEST(a_row_that_breaks_off_is_not_read),
        TEST(legacy_columns_are_known_and_others_tell_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
