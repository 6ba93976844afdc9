/* columns_test.c: missing columns and what they cause. */
#include "optscale/discovery/columns.h"

#include "cmocka_all.h"

static const struct str all[] = {
    STR_INIT("bill_billing_period_start_date"),
    STR_INIT("line_item_usage_account_id"),
    STR_INIT("line_item_usage_start_date"),
    STR_INIT("lineItem/UsageEndDate"),
    STR_INIT("line_item_blended_cost"),
    STR_INIT("line_item_line_item_type"),
    STR_INIT("lineItem/ResourceId"),
};

/* The message where the one column is missing; the effect goes to `*ret`. */
static struct str without(size_t missing, enum optscale_format format, enum optscale_column_effect *ret)
{
    struct str header[COUNT_OF(all)];
    const struct optscale_column *columns[OPTSCALE_COLUMN_COUNT];
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        if (i != missing) {
            header[count++] = all[i];
        }
    }
    size_t found = optscale_columns_missing(header, count, format, columns);
    *ret = found ? columns[0]->effect[format] : OPTSCALE_COLUMN_NO_EFFECT;
    return optscale_columns_message(columns, found, format);
}

static void accepts_both_spellings(void **state)
{
    (void)state;
    const struct optscale_column *columns[OPTSCALE_COLUMN_COUNT];
    assert_int_equal(optscale_columns_missing(all, COUNT_OF(all), OPTSCALE_FORMAT_CSV, columns), 0);
    assert_int_equal(optscale_columns_missing(all, COUNT_OF(all), OPTSCALE_FORMAT_PARQUET, columns), 0);
}

static void says_what_each_missing_column_causes(void **state)
{
    (void)state;
    static const struct {
        const char *csv;
        enum optscale_column_effect csv_effect;
        const char *parquet;
        enum optscale_column_effect parquet_effect;
    } rows[] = {
        {"'bill/BillingPeriodStartDate'", OPTSCALE_COLUMN_FAILS, "", OPTSCALE_COLUMN_NO_EFFECT},
        {"'lineItem/UsageAccountId'", OPTSCALE_COLUMN_FAILS, "", OPTSCALE_COLUMN_NO_ROWS},
        {"'lineItem/UsageStartDate'", OPTSCALE_COLUMN_FAILS, "'start_date'", OPTSCALE_COLUMN_FAILS},
        {"'lineItem/UsageEndDate'", OPTSCALE_COLUMN_FAILS, "'lineItem/UsageEndDate'", OPTSCALE_COLUMN_FAILS},
        {"'lineItem/BlendedCost'", OPTSCALE_COLUMN_FAILS, "", OPTSCALE_COLUMN_NO_COST},
        {"'lineItem/LineItemType'", OPTSCALE_COLUMN_FAILS, "'lineItem/LineItemType'", OPTSCALE_COLUMN_FAILS},
        {"", OPTSCALE_COLUMN_NO_RESOURCE, "", OPTSCALE_COLUMN_NO_RESOURCE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        enum optscale_column_effect effect;
        assert_str_equal(without(i, OPTSCALE_FORMAT_CSV, &effect), str_from(rows[i].csv));
        assert_int_equal(effect, rows[i].csv_effect);
        assert_str_equal(without(i, OPTSCALE_FORMAT_PARQUET, &effect), str_from(rows[i].parquet));
        assert_int_equal(effect, rows[i].parquet_effect);
    }
}

static void a_focus_file_fails_as_csv_and_is_empty_as_parquet(void **state)
{
    (void)state;
    static const struct str focus[] = {STR_INIT("BilledCost"), STR_INIT("BillingAccountId")};
    const struct optscale_column *columns[OPTSCALE_COLUMN_COUNT];
    size_t count = optscale_columns_missing(focus, COUNT_OF(focus), OPTSCALE_FORMAT_CSV, columns);
    assert_str_equal(optscale_columns_message(columns, count, OPTSCALE_FORMAT_CSV),
                     STR("'bill/BillingPeriodStartDate'"));
    count = optscale_columns_missing(focus, COUNT_OF(focus), OPTSCALE_FORMAT_PARQUET, columns);
    assert_str_equal(optscale_columns_message(columns, count, OPTSCALE_FORMAT_PARQUET), STR(""));
    assert_int_equal(columns[0]->effect[OPTSCALE_FORMAT_PARQUET], OPTSCALE_COLUMN_NO_ROWS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepts_both_spellings),
        cmocka_unit_test(says_what_each_missing_column_causes),
        cmocka_unit_test(a_focus_file_fails_as_csv_and_is_empty_as_parquet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
