/* discovery_test.c: the pitfalls of OptScale's discovery, one by one. */
#include "optscale/discovery/discovery.h"

#include "support.h"

#define CUR2 "reports/exp/data/BILLING_PERIOD=2026-01/"

static void finds_each_layout(void **state)
{
    static const struct {
        const char *key;
        const char *version;
        enum optscale_layout layout;
    } rows[] = {
        {CUR2 "exp-00001.csv.gz", "2", OPTSCALE_LAYOUT_CUR2},
        {CUR2 "2026-01-06T10:11:12.123Z-1/exp-00001.csv.gz", "2", OPTSCALE_LAYOUT_CUR2},
        {"reports/exp/20260101-20260201/exp-00001.csv.zip", "1", OPTSCALE_LAYOUT_LEGACY},
        {"reports/exp/exp/year=2026/month=1/exp-00001.snappy.parquet", "1", OPTSCALE_LAYOUT_ATHENA},
        {"reports/exp/BILLING_PERIOD=2026-01/exp-00001.csv.gz", "null", OPTSCALE_LAYOUT_CUR2},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct optscale_case given = bucket_case(*state, "reports", "exp", rows[i].version, rows[i].key);
        struct optscale_discovery found = discover(*state, &given);
        assert_str_equal(only_period(*state, &found), str_from(rows[i].key));
        assert_str_equal(found.periods[0].name, STR("20260101-20260201"));
        assert_int_equal(found.layout, rows[i].layout);
        assert_int_equal(found.version, optscale_layout_version(rows[i].layout));
    }
}

static void does_not_find_what_optscale_does_not(void **state)
{
    static const struct {
        const char *prefix;
        const char *name;
        const char *version;
        const char *key;
    } rows[] = {
        {"reports", "exp", "1", CUR2 "exp-00001.csv.gz"},                                    /* P1 */
        {"reports//", "exp", "2", CUR2 "exp-00001.csv.gz"},                                  /* P2 */
        {"/reports", "exp", "2", CUR2 "exp-00001.csv.gz"},                                   /* P3 */
        {"", "exp", "2", "exp/data/BILLING_PERIOD=2026-01/exp-00001.csv.gz"},                /* P4 */
        {"b", "exp", "2", "a/b/exp/data/BILLING_PERIOD=2026-01/exp-00001.csv.gz"},           /* P5 */
        {"reports/exp", "exp", "2", CUR2 "exp-00001.csv.gz"},                                /* P6, before the cut */
        {"reports", "exp", "2", CUR2 "exp-00001.csv"},                                       /* P8 */
        {"reports", "exp", "2", CUR2 "exp-00001.parquet"},                                   /* P8 */
        {"reports", "exp", "1", "reports/exp/exp/year=2026/month=01/exp.snappy.parquet"},    /* P9 */
        {"reports", "exp", "2", "reports/exp/data/billing_period=2026-01/exp-00001.csv.gz"}, /* P10 */
        {"reports", "exp", "2", "reports/exp/exp-00001.csv.gz"},                             /* P11 */
        {"reports", "exp", "2", "reports/Exp/data/BILLING_PERIOD=2026-01/exp-00001.csv.gz"}, /* P14 */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct optscale_case given = bucket_case(*state, rows[i].prefix, rows[i].name, rows[i].version, rows[i].key);
        struct optscale_discovery found = discover(*state, &given);
        assert_false(found.ok);
        assert_int_equal(found.failure.kind, OPTSCALE_FILES_NOT_FOUND);
    }
}

static void lets_csv_hide_parquet(void **state)
{
    struct optscale_case given =
        bucket_case(*state, "reports", "exp", "2",
                    "reports/exp/data/BILLING_PERIOD=2025-06/exp-00001.csv.gz\n" CUR2 "exp-00001.snappy.parquet");
    struct optscale_discovery found = discover(*state, &given);
    assert_str_equal(only_period(*state, &found), STR("reports/exp/data/BILLING_PERIOD=2025-06/exp-00001.csv.gz"));
    assert_int_equal(found.fates[1], OPTSCALE_SHADOWED);
}

static void takes_parquet_where_no_csv_has_a_period(void **state)
{
    struct optscale_case given =
        bucket_case(*state, "reports", "exp", "2", "reports/exp/x/exp.csv.gz\n" CUR2 "exp-00001.snappy.parquet");
    struct optscale_discovery found = discover(*state, &given);
    assert_int_equal(found.format, OPTSCALE_FORMAT_PARQUET);
    assert_int_equal(found.period_count, 1);
}

#define TWO_RUNS(name, day)                                                                                            \
    "{'config':{'bucket_name':'b','report_name':'" name "'},'account':{'buckets':{'b':{'region':'EU','objects':["      \
    "{'Key':'reports/" name "/data/BILLING_PERIOD=2026-01/run1/" name "-1.csv.gz',"                                    \
    "'LastModified':'2026-01-0" day "T00:00:00Z'},"                                                                    \
    "{'Key':'reports/" name "/data/BILLING_PERIOD=2026-01/run2/" name "-1.csv.gz',"                                    \
    "'LastModified':'2026-01-02T00:00:00Z'}]}}}}"

static void keeps_the_newest_version(void **state)
{
    static const char *const texts[] = {TWO_RUNS("exp", "1"), TWO_RUNS("exp", "2"), TWO_RUNS("exp", "3")};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct optscale_case given = read_case(*state, texts[i]);
        struct optscale_discovery found = discover(*state, &given);
        bool first_wins = i >= 1; /* a tie keeps the one that is listed first */
        assert_true(str_contains(only_period(*state, &found), first_wins ? STR("/run1/") : STR("/run2/")));
        assert_int_equal(found.fates[first_wins ? 1 : 0], OPTSCALE_OLDER_VERSION);
        assert_str_equal(found.region, STR("eu-west-1"));
    }
}

static void counts_versions_twice_where_the_name_is_in_the_period(void **state)
{
    struct optscale_case given = read_case(*state, TWO_RUNS("BILLING", "1"));
    struct optscale_discovery found = discover(*state, &given);
    assert_int_equal(found.periods[0].count, 2);
}

static void loses_chunks_whose_names_lack_the_report(void **state)
{
    struct optscale_case given =
        bucket_case(*state, "reports", "exp", "2", CUR2 "other-00001.csv.gz\n" CUR2 "other-00002.csv.gz");
    struct optscale_discovery found = discover(*state, &given);
    assert_int_equal(found.periods[0].count, 1);
}

static struct optscale_case many(struct arena *arena, const char *folder, int count, const char *last)
{
    struct buf keys = buf_make(arena, BUF_NO_MAX);
    for (int i = 0; i < count; i++) {
        buf_addf(&keys, "%s%04d\n", folder, i);
    }
    buf_add_c(&keys, last);
    return bucket_case(arena, "reports", "exp", "null", str_to_c(arena, buf_str(&keys)));
}

static void reads_the_first_page_of_folders_alone(void **state)
{
    const char *file = "reports/exp/data/BILLING_PERIOD=2026-01/exp-1.csv.gz";
    struct optscale_case fits = many(*state, "reports/exp/a", 999, file);
    struct optscale_case pushed = many(*state, "reports/exp/a", 1000, file);
    assert_true(discover(*state, &fits).ok);
    struct optscale_discovery found = discover(*state, &pushed);
    assert_false(found.ok);
    assert_int_equal(found.fates[1000], OPTSCALE_BEYOND_PAGE);
}

static void reads_one_page_of_a_folder_in_the_old_build(void **state)
{
    struct optscale_discovery found;
    struct optscale_case given = many(*state, "reports/exp/data/a", 1000, CUR2 "exp-1.csv.gz");
    optscale_discover(*state, &given.account, &given.config, optscale_build_find(STR("h24")), &found);
    assert_true(found.ok);
    given = many(*state, "reports/exp/data/A", 1000, CUR2 "exp-1.csv.gz");
    optscale_discover(*state, &given.account, &given.config, optscale_build_find(STR("H24")), &found);
    assert_str_equal(found.failure.text, STR("Report files for report exp not found in bucket b"));
    assert_int_equal(found.fates[1000], OPTSCALE_BEYOND_PAGE);
}

static void old_build_fails_on_the_old_location(void **state)
{
    struct optscale_case given = read_case(*state, TWO_RUNS("exp", "1"));
    struct optscale_discovery found;
    optscale_discover(*state, &given.account, &given.config, optscale_build_find(STR("H24")), &found);
    assert_int_equal(found.failure.kind, OPTSCALE_ENDPOINT);
}

static void months_that_do_not_exist_pass(void **state)
{
    static const char *const names[][2] = {
        {"BILLING_PERIOD=2026-12/", "20261201-20270101"},
        {"BILLING_PERIOD=2026-00/", "20260001-20260101"},
        {"BILLING_PERIOD=2026-99/", "20269901-202610001"},
        {"BILLING_PERIOD=0099-01/", "990101-990201"},
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct str key = str_format(*state, "reports/exp/data/%sexp-1.csv.gz", names[i][0]);
        struct optscale_case given = bucket_case(*state, "reports", "exp", "2", str_to_c(*state, key));
        assert_str_equal(discover(*state, &given).periods[0].name, str_from(names[i][1]));
    }
}

static void an_empty_name_has_nothing_to_split_at(void **state)
{
    struct optscale_case given = bucket_case(*state, "reports", "", "2", "reports//x/a.csv.gz");
    assert_str_equal(discover(*state, &given).failure.text, STR("empty separator"));
}

static void sorts_periods_newest_first(void **state)
{
    struct optscale_case given = bucket_case(*state, "reports", "exp", "2",
                                             "reports/exp/a/BILLING_PERIOD=2026-02/exp.csv.gz\n"
                                             "reports/exp/b/BILLING_PERIOD=2026-03/exp.csv.gz\n"
                                             "reports/exp/c/BILLING_PERIOD=2026-01/exp.csv.gz");
    struct optscale_discovery found = discover(*state, &given);
    const struct optscale_period *newest = optscale_periods_newest_first(*state, &found);
    assert_str_equal(found.periods[0].name, STR("20260201-20260301"));
    assert_str_equal(newest[0].name, STR("20260301-20260401"));
    assert_str_equal(newest[2].name, STR("20260101-20260201"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(finds_each_layout),
        arena_test(does_not_find_what_optscale_does_not),
        arena_test(lets_csv_hide_parquet),
        arena_test(takes_parquet_where_no_csv_has_a_period),
        arena_test(keeps_the_newest_version),
        arena_test(counts_versions_twice_where_the_name_is_in_the_period),
        arena_test(loses_chunks_whose_names_lack_the_report),
        arena_test(reads_the_first_page_of_folders_alone),
        arena_test(reads_one_page_of_a_folder_in_the_old_build),
        arena_test(old_build_fails_on_the_old_location),
        arena_test(months_that_do_not_exist_pass),
        arena_test(an_empty_name_has_nothing_to_split_at),
        arena_test(sorts_periods_newest_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
