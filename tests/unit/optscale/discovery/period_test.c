/* period_test.c: the period patterns and file endings, against what Python's re finds. */
#include "optscale/discovery/period.h"

#include "cmocka_all.h"

static void finds_the_leftmost_match(void **state)
{
    (void)state;
    static const struct {
        enum optscale_layout layout;
        const char *text;
        const char *match; /* NULL: none */
    } rows[] = {
        {OPTSCALE_LAYOUT_CUR2, "a/BILLING_PERIOD=2026-1/BILLING_PERIOD=2026-02/x", "BILLING_PERIOD=2026-02/"},
        {OPTSCALE_LAYOUT_CUR2, "BILLING_PERIOD=BILLING_PERIOD=2026-02/", "BILLING_PERIOD=2026-02/"},
        {OPTSCALE_LAYOUT_CUR2, "BILLING_PERIOD=2026-02", NULL},
        {OPTSCALE_LAYOUT_CUR2, "BILLING_PERIOD=", NULL},
        {OPTSCALE_LAYOUT_LEGACY, "x920260101-20260201/", "20260101-20260201/"},
        {OPTSCALE_LAYOUT_LEGACY, "12345678-12345678-87654321/", "12345678-87654321/"},
        {OPTSCALE_LAYOUT_LEGACY, "2026010-20260201/", NULL},
        {OPTSCALE_LAYOUT_LEGACY, "20260101-202602011/", NULL},
        {OPTSCALE_LAYOUT_LEGACY, "-", NULL},
        {OPTSCALE_LAYOUT_ATHENA, "year=2026/month=1/", "year=2026/month=1/"},
        {OPTSCALE_LAYOUT_ATHENA, "year=2026/month=12/", "year=2026/month=12/"},
        {OPTSCALE_LAYOUT_ATHENA, "year=2026/month=10/", "year=2026/month=10/"},
        {OPTSCALE_LAYOUT_ATHENA, "year=2026/month=13/", NULL},
        {OPTSCALE_LAYOUT_ATHENA, "year=2026/month=01/", NULL},
        {OPTSCALE_LAYOUT_ATHENA, "year=2026/month=0/", NULL},
        {OPTSCALE_LAYOUT_ATHENA, "year=year=2026/month=2/", "year=2026/month=2/"},
        {OPTSCALE_LAYOUT_ATHENA, "year=2026/month=", NULL},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str match = STR("");
        bool found = optscale_layout_find(rows[i].layout, str_from(rows[i].text), &match);
        if (found != (rows[i].match != NULL) || !str_equal(match, str_from(rows[i].match))) {
            fail_msg("%s: %.*s", rows[i].text, STR_ARG(match));
        }
    }
}

static void removes_every_match(void **state)
{
    assert_str_equal(optscale_layout_remove(*state, OPTSCALE_LAYOUT_CUR2, STR("BILLING_PERIOD=2026-01/")), STR(""));
    assert_str_equal(
        optscale_layout_remove(*state, OPTSCALE_LAYOUT_CUR2, STR("aBILLING_PERIOD=2026-01/bBILLING_PERIOD=2026-02/c")),
        STR("abc"));
    assert_str_equal(
        optscale_layout_remove(*state, OPTSCALE_LAYOUT_LEGACY, STR("20260101-20260201/20260201-20260301/x")), STR("x"));
    assert_str_equal(optscale_layout_remove(*state, OPTSCALE_LAYOUT_ATHENA, STR("x")), STR("x"));
}

static void endings_are_loose_where_the_patterns_are(void **state)
{
    (void)state;
    static const struct {
        enum optscale_format format;
        const char *key;
        bool matches;
    } rows[] = {
        {OPTSCALE_FORMAT_CSV, "a.csv.gz", true},
        {OPTSCALE_FORMAT_CSV, ".csv.zip", true},
        {OPTSCALE_FORMAT_CSV, "a.csv.gz\n", true},
        {OPTSCALE_FORMAT_CSV, "a.csv_gz", true},
        {OPTSCALE_FORMAT_CSV, "a.csv\xc3\xa9zip", true},
        {OPTSCALE_FORMAT_CSV, "a.csv\ngz", false},
        {OPTSCALE_FORMAT_CSV, "a.csvgz", false},
        {OPTSCALE_FORMAT_CSV, "a.csv", false},
        {OPTSCALE_FORMAT_CSV, "a.csv.bz2", false},
        {OPTSCALE_FORMAT_CSV, "gz", false},
        {OPTSCALE_FORMAT_CSV, "", false},
        {OPTSCALE_FORMAT_PARQUET, "a.snappy.parquet", true},
        {OPTSCALE_FORMAT_PARQUET, "a.snappy/parquet", true},
        {OPTSCALE_FORMAT_PARQUET, "a.parquet", false},
        {OPTSCALE_FORMAT_PARQUET, "a.gz.parquet", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (optscale_format_matches(rows[i].format, str_from(rows[i].key)) != rows[i].matches) {
            fail_msg("%s", rows[i].key);
        }
    }
}

static void the_version_chooses_the_layouts(void **state)
{
    (void)state;
    assert_true(optscale_layout_is_tried(OPTSCALE_LAYOUT_CUR2, OPTSCALE_VERSION_UNSET));
    assert_true(optscale_layout_is_tried(OPTSCALE_LAYOUT_ATHENA, OPTSCALE_VERSION_OTHER));
    assert_true(optscale_layout_is_tried(OPTSCALE_LAYOUT_ATHENA, OPTSCALE_VERSION_LEGACY));
    assert_false(optscale_layout_is_tried(OPTSCALE_LAYOUT_CUR2, OPTSCALE_VERSION_LEGACY));
    assert_false(optscale_layout_is_tried(OPTSCALE_LAYOUT_LEGACY, OPTSCALE_VERSION_CUR2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_leftmost_match),
        arena_test(removes_every_match),
        cmocka_unit_test(endings_are_loose_where_the_patterns_are),
        cmocka_unit_test(the_version_chooses_the_layouts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
