/* asks_test.c: the requests of connect and import, in OptScale's order. */
#include "optscale/connect/asks.h"

#include "support.h"

#define DATA "reports/exp/data/BILLING_PERIOD=2026-01/"

static struct str words(struct arena *arena, struct optscale_requests requests)
{
    struct buf buf = buf_make(arena, BUF_NO_MAX);
    for (size_t i = 0; i < requests.count; i++) {
        const struct optscale_request *request = &requests.items[i];
        buf_addf(&buf, "%s%.*s %.*s", i ? "\n" : "", STR_ARG(request->action), STR_ARG(request->key));
        buf_addf(&buf, request->delimiter.len ? " %.*s" : "%.*s", STR_ARG(request->delimiter));
        if (request->max_keys)
            buf_addf(&buf, " %d", request->max_keys);
    }
    return buf_str(&buf);
}

static struct str asks(struct arena *arena, const struct optscale_case *given)
{
    return words(arena, optscale_asks(arena, &given->account, &given->config, optscale_build_default));
}

static void lists_each_folder_and_reads_each_file(void **state)
{
    struct optscale_case given =
        bucket_case(*state, "reports", "exp", "2",
                    DATA "exp-00001.csv.gz\nreports/exp/metadata/BILLING_PERIOD=2026-01/exp-Manifest.json");
    assert_str_equal(asks(*state, &given), STR("sts:GetCallerIdentity \n"
                                               "s3:GetBucketLocation \n"
                                               "s3:ListBucket reports/exp/ /\n"
                                               "s3:ListBucket reports/exp/data/\n"
                                               "s3:ListBucket reports/exp/metadata/\n"
                                               "s3:GetObject " DATA "exp-00001.csv.gz"));
}

static void tries_the_shorter_prefix(void **state)
{
    struct optscale_case given = bucket_case(*state, "reports/exp", "exp", "2", DATA "exp-00001.csv.gz");
    assert_str_equal(asks(*state, &given), STR("sts:GetCallerIdentity \n"
                                               "s3:GetBucketLocation \n"
                                               "s3:ListBucket reports/exp/exp/ /\n"
                                               "s3:ListBucket reports/exp/ /\n"
                                               "s3:ListBucket reports/exp/data/\n"
                                               "s3:GetObject " DATA "exp-00001.csv.gz"));
}

static void asks_the_same_where_nothing_was_delivered(void **state)
{
    struct optscale_case given = bucket_case(*state, "a/b", "exp", "2", "");
    assert_str_equal(asks(*state, &given), STR("s3:GetBucketLocation \ns3:ListBucket a/b/exp/ /"));
}

static void knows_the_folders_to_come(void **state)
{
    static const struct {
        const char *version;
        const char *keys;
        const char *expected;
    } rows[] = {
        {"2", "", "s3:ListBucket reports/exp/data/\ns3:ListBucket reports/exp/metadata/\ns3:GetObject reports/exp/*"},
        {"1", "", "s3:ListBucket reports/exp/20?????\?-20?????\?/\ns3:GetObject reports/exp/*"},
        {"1", "reports/exp/exp/year=2026/month=1/exp-00001.snappy.parquet",
         "s3:ListBucket reports/exp/exp/\ns3:GetObject reports/exp/*"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct optscale_case given = bucket_case(*state, "reports", "exp", rows[i].version, rows[i].keys);
        struct optscale_requests found =
            optscale_asks_to_come(*state, &given.account, &given.config, optscale_build_default);
        assert_str_equal(words(*state, found), str_from(rows[i].expected));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(lists_each_folder_and_reads_each_file),
        arena_test(tries_the_shorter_prefix),
        arena_test(asks_the_same_where_nothing_was_delivered),
        arena_test(knows_the_folders_to_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
