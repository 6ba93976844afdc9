/* prefix_test.c: prefixes as entered, stored, and to be entered; the exports in a listing. */
#include "optscale/discovery/prefix.h"

#include "cmocka_all.h"

static void judges_what_was_entered(void **state)
{
    (void)state;
    static const struct {
        const char *entered;
        const char *actual;
        enum optscale_prefix_verdict verdict;
    } rows[] = {
        {"reports", "reports", OPTSCALE_PREFIX_EXACT},
        {"reports/", "reports", OPTSCALE_PREFIX_SLASH},
        {"reports", "reports/", OPTSCALE_PREFIX_WRONG}, /* its files lie in reports//exp/ */
        {"reports/", "reports/", OPTSCALE_PREFIX_WRONG},
        {"reports//", "reports/", OPTSCALE_PREFIX_EXACT},
        {"reports//exp", "reports/", OPTSCALE_PREFIX_WRONG}, /* cut to "reports/", and that to "reports" */
        {"reports/exp", "reports", OPTSCALE_PREFIX_SHORTENED},
        {"a/b/exp", "a/b", OPTSCALE_PREFIX_SHORTENED},
        {"reports//", "reports", OPTSCALE_PREFIX_SHORTENED},
        {"reports///", "reports", OPTSCALE_PREFIX_WRONG},
        {"/reports", "reports", OPTSCALE_PREFIX_WRONG},
        {"b", "a/b", OPTSCALE_PREFIX_WRONG},
        {"exp", "reports", OPTSCALE_PREFIX_WRONG},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        enum optscale_prefix_verdict verdict =
            optscale_prefix_judge(str_from(rows[i].entered), str_from(rows[i].actual));
        if (verdict != rows[i].verdict) {
            fail_msg("'%s' for '%s': %d", rows[i].entered, rows[i].actual, (int)verdict);
        }
    }
}

static void says_why_a_prefix_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *entered;
        enum optscale_prefix_fault fault;
    } rows[] = {
        {"", OPTSCALE_PREFIX_FAULT_EMPTY},
        {"/a/b", OPTSCALE_PREFIX_FAULT_LEADING_SLASH},
        {"a/b///", OPTSCALE_PREFIX_FAULT_SLASHES},
        {"a//b", OPTSCALE_PREFIX_FAULT_DOUBLE},
        {"b", OPTSCALE_PREFIX_FAULT_LAST_FOLDER},
        {"exp", OPTSCALE_PREFIX_FAULT_EXPORT_NAME},
        {"bucket", OPTSCALE_PREFIX_FAULT_BUCKET_NAME},
        {"s3://bucket/a/b", OPTSCALE_PREFIX_FAULT_URI},
        {"bucket/a/b", OPTSCALE_PREFIX_FAULT_URI},
        {"A/B", OPTSCALE_PREFIX_FAULT_CASE},
        {"other", OPTSCALE_PREFIX_FAULT_OTHER},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(optscale_prefix_explain(str_from(rows[i].entered), STR("a/b"), STR("exp"), STR("bucket")),
                         rows[i].fault);
    }
}

static void shows_the_folder_that_is_searched(void **state)
{
    assert_str_equal(optscale_prefix_folder(*state, STR("a/b/"), STR("exp")), STR("a/b/exp/"));
    assert_str_equal(optscale_prefix_folder(*state, STR(""), STR("exp")), STR("/exp/"));
    assert_str_equal(optscale_prefix_to_enter(*state, STR("a/b/")), STR("a/b//"));
    assert_str_equal(optscale_prefix_to_enter(*state, STR("a/b")), STR("a/b"));
    assert_str_equal(optscale_prefix_to_enter(*state, STR("")), STR(""));
}

static void finds_the_exports_of_a_listing(void **state)
{
    static const struct optscale_object objects[] = {
        {.key = STR_INIT("a/b/exp/data/BILLING_PERIOD=2026-01/exp-1.csv.gz")},
        {.key = STR_INIT("a/b/exp/data/BILLING_PERIOD=2026-02/exp-1.csv.gz")},
        {.key = STR_INIT("a/b/exp/metadata/BILLING_PERIOD=2026-02/exp-Manifest.json")},
        {.key = STR_INIT("cur/old/20260101-20260201/run/old-1.csv.zip")},
        {.key = STR_INIT("cur/athena/athena/year=2026/month=1/athena-1.snappy.parquet")},
        {.key = STR_INIT("top/data/BILLING_PERIOD=2026-01/top-1.csv.gz")},
        {.key = STR_INIT("logs/2026.log")},
    };
    static const struct {
        const char *prefix;
        const char *name;
        enum optscale_version version;
        size_t files;
    } expected[] = {
        {"a/b", "exp", OPTSCALE_VERSION_CUR2, 2},
        {"cur", "old", OPTSCALE_VERSION_LEGACY, 1},
        {"cur", "athena", OPTSCALE_VERSION_LEGACY, 1},
        {"", "top", OPTSCALE_VERSION_CUR2, 1},
    };
    struct optscale_place *places;
    size_t count = optscale_places_search(*state, objects, COUNT_OF(objects), 10, &places);
    assert_int_equal(count, COUNT_OF(expected));
    for (size_t i = 0; i < count; i++) {
        assert_str_equal(places[i].prefix, str_from(expected[i].prefix));
        assert_str_equal(places[i].name, str_from(expected[i].name));
        assert_int_equal(places[i].version, expected[i].version);
        assert_int_equal(places[i].files, expected[i].files);
        assert_int_equal(places[i].has_prefix, expected[i].prefix[0] != '\0');
    }
    assert_int_equal(optscale_places_search(*state, objects, COUNT_OF(objects), 1, &places), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_what_was_entered),
        cmocka_unit_test(says_why_a_prefix_is_wrong),
        arena_test(shows_the_folder_that_is_searched),
        arena_test(finds_the_exports_of_a_listing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
