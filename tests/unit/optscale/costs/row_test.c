/* row_test.c: what becomes of a row: the order of the import's own statements. */
#include "optscale/costs/row.h"

#include "base/clock.h"
#include "cmocka_all.h"

#define CONNECTED STR("111111111111")

static struct cost_row good_row(void)
{
    struct cost_row row = {0};
    row.text[COST_ACCOUNT] = CONNECTED;
    row.text[COST_START] = STR("2026-10-20T00:00:00Z");
    row.text[COST_END] = STR("2026-10-20T01:00:00.000Z");
    row.text[COST_BLENDED] = STR("1.5");
    row.text[COST_UNBLENDED] = STR("2.5");
    row.text[COST_TYPE] = STR("Usage");
    row.text[COST_RESOURCE] = STR("i-1");
    return row;
}

static struct cost_import import_of(struct arena *arena)
{
    struct map *connected = map_open(arena);
    int64_t threshold;
    map_set(connected, CONNECTED, "");
    assert_true(clock_parse(STR("2026-10-10"), &threshold));
    return (struct cost_import){.connected = connected, .threshold = threshold};
}

/* One or two texts of the good row changed, and what becomes of it. */
static const struct {
    enum cost_column column;
    const char *text;
    enum cost_column second;
    const char *second_text;
    enum cost_fate fate;
} rows[] = {
    {COST_ZONE, "", COST_ZONE, "", COST_IMPORTED},
    {COST_ACCOUNT, "222222222222", COST_START, "never", COST_NOT_CONNECTED},
    {COST_ACCOUNT, "", COST_ZONE, "", COST_NOT_CONNECTED},
    {COST_ACCOUNT, "0111111111111", COST_ZONE, "", COST_NOT_CONNECTED},
    {COST_START, "2026-10-20", COST_ZONE, "", COST_BAD_DATE},
    {COST_START, "2026-10-20 00:00:00", COST_ZONE, "", COST_BAD_DATE},
    {COST_START, "2026-02-30T00:00:00Z", COST_ZONE, "", COST_BAD_DATE},
    {COST_START, "2026-10-20T24:00:00Z", COST_ZONE, "", COST_BAD_DATE},
    {COST_START, "2026-10-20T00:00:00+00:00", COST_ZONE, "", COST_BAD_DATE},
    {COST_START, "2026-10-20T00:00:00.1234567Z", COST_ZONE, "", COST_BAD_DATE},
    {COST_START, "", COST_ZONE, "", COST_BAD_DATE},
    {COST_END, "soon", COST_ZONE, "", COST_BAD_DATE},
    {COST_START, "2026-10-09T23:59:59Z", COST_END, "soon", COST_BEFORE_THRESHOLD},
    {COST_START, "2026-10-10T00:00:00Z", COST_ZONE, "", COST_IMPORTED},
    {COST_START, "2026-10-01T00:00:00Z", COST_TYPE, "RIFee", COST_IMPORTED},
    {COST_BLENDED, "a lot", COST_ZONE, "", COST_NOT_A_NUMBER},
    {COST_BLENDED, "", COST_ZONE, "", COST_IMPORTED},
    {COST_UNBLENDED, "a lot", COST_ZONE, "", COST_IMPORTED},
    {COST_TYPE, "Credit", COST_RESOURCE, "", COST_NO_RESOURCE},
    {COST_TYPE, "Credit", COST_ZONE, "", COST_IMPORTED},
    {COST_TYPE, "Tax", COST_RESOURCE, "", COST_IMPORTED},
    {COST_BLENDED, "a lot", COST_START, "2026-10-01T00:00:00Z", COST_BEFORE_THRESHOLD},
};

static void judges_rows_as_the_import_does(void **state)
{
    struct cost_import import = import_of(*state);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct cost_row row = good_row();
        struct cost_verdict verdict;
        row.text[rows[i].column] = str_from(rows[i].text);
        row.text[rows[i].second] = str_from(rows[i].second_text);
        cost_row_judge(&import, &row, &verdict);
        if (verdict.fate != rows[i].fate)
            fail_msg("row %zu: %.*s", i, STR_ARG(cost_fate_name(verdict.fate)));
    }
}

static void without_a_list_every_account_counts(void **state)
{
    (void)state;
    const struct cost_import import = {.connected = NULL};
    struct cost_row row = good_row();
    struct cost_verdict verdict;
    row.text[COST_ACCOUNT] = STR("222222222222");
    cost_row_judge(&import, &row, &verdict);
    assert_int_equal(verdict.fate, COST_IMPORTED);
}

/* H26's _is_region_allowed(): a row without a region is taken. */
static void regions_are_taken_or_not(void **state)
{
    static const struct {
        const char *column;
        const char *map;
        bool in_list;
        bool has_region;
    } regions[] = {
        {"eu-west-1", "", true, true},
        {"eu-west-3", "{\"region\": \"eu-west-1\"}", false, true}, /* the column prevails */
        {"", "{\"product_name\": \"x\", \"region\": \"eu-west-1\"}", true, true},
        {"", "{product_name=x, region=eu-west-1}", true, true}, /* Parquet's, by DuckDB */
        {"", "{region=eu-west-2, product_name=x}", false, true},
        {"", "{\"region\": null}", false, false},
        {"", "", false, false},
    };
    struct cost_import import = import_of(*state);
    struct map *list = map_open(*state);
    map_set(list, STR("eu-west-1"), list);
    import.regions = list;
    for (size_t i = 0; i < 2 * COUNT_OF(regions); i++) {
        struct cost_row row = good_row();
        struct cost_verdict verdict;
        import.excludes = i % 2;
        row.text[COST_REGION] = str_from(regions[i / 2].column);
        row.text[COST_PRODUCT_MAP] = str_from(regions[i / 2].map);
        cost_row_judge(&import, &row, &verdict);
        bool taken = !regions[i / 2].has_region || regions[i / 2].in_list != import.excludes;
        assert_int_equal(verdict.fate, taken ? COST_IMPORTED : COST_OTHER_REGION);
        assert_int_equal(verdict.counted, taken);
    }
}

/* use_edp_discount: both discounts are added, and what is no number stops the import. */
static void discounts_are_added_where_asked(void **state)
{
    char text[DECIMAL_TEXT_MAX];
    struct cost_import import = import_of(*state);
    struct cost_row row = good_row();
    struct cost_verdict verdict;
    row.text[COST_EDP] = STR("-0.25");
    row.text[COST_DISCOUNT_MAP] = STR("{\"edp_discount\": \"-9\", \"private_rate_discount\": -0.125}");
    cost_row_judge(&import, &row, &verdict);
    assert_true(decimal_is_zero(&verdict.discount));
    import.adds_discounts = true;
    cost_row_judge(&import, &row, &verdict);
    assert_str_equal(decimal_text(verdict.discount, text), STR("-0.375"));
    assert_str_equal(decimal_text(verdict.blended, text), STR("1.5"));
    row.text[COST_EDP] = STR("some");
    cost_row_judge(&import, &row, &verdict);
    assert_int_equal(verdict.fate, COST_NOT_A_NUMBER);
    assert_str_equal(cost_row_no_number(&import, &row), STR("some"));
}

static void savings_plan_rows_move(void **state)
{
    struct cost_import import = import_of(*state);
    struct cost_row row = good_row();
    struct cost_verdict verdict;
    row.text[COST_TYPE] = STR("SavingsPlanCoveredUsage");
    cost_row_judge(&import, &row, &verdict);
    assert_false(verdict.moves);
    row.text[COST_SAVINGS_PLAN] = STR("arn:aws:savingsplans::1:savingsplan/x");
    cost_row_judge(&import, &row, &verdict);
    assert_true(verdict.moves);
}

/* The upsert filter's columns, and none besides (importers/aws.py, get_unique_field_list). */
static void keys_differ_by_the_filters_columns_alone(void **state)
{
    (void)state;
    static const enum cost_column in_key[] = {COST_ACCOUNT,     COST_START,       COST_TYPE,      COST_RESOURCE,
                                              COST_DESCRIPTION, COST_PRODUCT,     COST_OPERATION, COST_ZONE,
                                              COST_USAGE_TYPE,  COST_SAVINGS_PLAN};
    struct cost_row good = good_row();
    uint64_t key = cost_row_key(&good);
    for (size_t column = 0; column < COST_COLUMN_COUNT; column++) {
        struct cost_row row = good;
        bool expected = false;
        row.text[column] = STR("another text, of more than eight bytes");
        for (size_t i = 0; i < COUNT_OF(in_key); i++)
            expected = expected || in_key[i] == (enum cost_column)column;
        assert_int_equal(cost_row_key(&row) != key, expected);
    }
}

static void made_up_ids_tell_rows_apart(void **state)
{
    (void)state;
    struct cost_row row = good_row();
    row.text[COST_RESOURCE] = STR("");
    uint64_t nowhere = cost_row_key(&row);
    row.text[COST_PRODUCT_MAP] = STR("{\"product_name\": \"x\", \"region\": \"eu-west-1\"}");
    uint64_t in_map = cost_row_key(&row);
    row.text[COST_REGION] = STR("eu-west-1");
    assert_true(nowhere != in_map);
    assert_true(in_map == cost_row_key(&row));
    row.text[COST_RESERVATION] = STR("arn:aws:ec2:::reserved-instances/x");
    assert_true(in_map != cost_row_key(&row));
}

static void the_threshold_follows_the_last_import(void **state)
{
    (void)state;
    static const char *const times[][4] = {
        {"S26", "2026-11-20T10:00:00Z", "2026-11-19T05:00:00Z", "2026-11-09"}, /* the same month: 10 days before */
        {"S26", "2026-11-02T10:00:00Z", "2026-11-01T05:00:00Z", "2026-10-22"},
        {"S26", "2026-11-01T10:00:00Z", "2026-10-31T05:00:00Z", "2026-10-01"}, /* the first run of a month */
        {"S26", "2026-01-05T10:00:00Z", "2025-12-31T05:00:00Z", "2025-12-01"},
        {"S26", "2026-01-05T10:00:00Z", "2025-05-31T05:00:00Z", "2025-05-01"}, /* January: any month of last year */
        {"S26", "2026-11-05T10:00:00Z", "2026-09-20T05:00:00Z", "2026-09-10"}, /* two months ago: no rule of its own */
        {"H26", "2026-11-01T10:00:00Z", "2026-10-31T05:00:00Z", "2026-10-21"},
        {"H24", "2026-11-01T10:00:00Z", "2026-10-31T05:00:00Z", "2026-10-26"},
    };
    const struct optscale_build *build = optscale_build_default;
    int64_t now, last, day;
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        build = optscale_build_find(str_from(times[i][0]));
        assert_true(clock_parse(str_from(times[i][1]), &now) && clock_parse(str_from(times[i][2]), &last) &&
                    clock_parse(str_from(times[i][3]), &day));
        assert_int_equal(cost_threshold(build, now, last), day);
    }
    assert_int_equal(cost_threshold(build, now, 0), 0);
}

static void finds_columns_by_both_names(void **state)
{
    (void)state;
    assert_int_equal(cost_column_find(STR("lineItem/BlendedCost")), COST_BLENDED);
    assert_int_equal(cost_column_find(STR("line_item_blended_cost")), COST_BLENDED);
    assert_int_equal(cost_column_find(STR("lineItem/blendedcost")), COST_COLUMN_COUNT);
    assert_int_equal(cost_column_find(STR("")), COST_COLUMN_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_rows_as_the_import_does),  cmocka_unit_test(without_a_list_every_account_counts),
        cmocka_unit_test(savings_plan_rows_move),          cmocka_unit_test(regions_are_taken_or_not),
        cmocka_unit_test(discounts_are_added_where_asked), cmocka_unit_test(keys_differ_by_the_filters_columns_alone),
        cmocka_unit_test(made_up_ids_tell_rows_apart),     cmocka_unit_test(the_threshold_follows_the_last_import),
        cmocka_unit_test(finds_columns_by_both_names),
    };
    return cmocka_run_group_tests(tests, open_test_arena, close_test_arena);
}
