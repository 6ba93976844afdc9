/* The kinds that ask the model of OptScale: delivery, connect, prefix, columns and accepts. */
#include "rule/kit.h"

/* A data source and a bucket as one scripted answer; `objects` is a list of [key, day, size]. */
#define MODEL                                                                                                          \
    "'bucket': 'user.b', 'location': 'user.l', 'prefix': 'user.p', 'export_name': 'user.n', 'export_type': 'user.t',"  \
    " 'caller': 'user.c', 'objects': 'user.o', 'parent_objects': 'user.none'"
#define FINDS(what) "{'kind': 'delivery', 'finds': '" what "', " MODEL "}"
#define CONNECT(rest) "{'kind': 'connect', 'scheme': 'bucket_only', " rest MODEL "}"

#define FILE_(key, day, size, class)                                                                                   \
    "{'Key': '" key "', 'LastModified': '2026-" day "T05:00:00.000Z', 'Size': " size                                   \
    ", 'ETag': 'e', 'StorageClass': '" class "'}"
#define CSV(month, number, day)                                                                                        \
    FILE_("p/n/data/BILLING_PERIOD=2026-" month "/n-0000" number ".csv.gz", day, "900", "STANDARD")

static const struct {
    const char *finds;
    const char *objects;
    const char *verdict;
    const char *message;
} rows[] = {
    {"files", CSV("10", "1", "11-02") "," CSV("11", "1", "11-20"), "pass", "2 billing periods"},
    {"files", "", "fail", "the first import will fail"},
    {"layout", CSV("11", "1", "11-20"), "pass", "BILLING_PERIOD"},
    {"layout", FILE_("p/n/20261101-20261201/n-00001.csv.gz", "11-20", "10", "STANDARD"), "fail",
     "lies in a folder of the other export type"},
    {"layout", "", "skip", "no file"},
    {"current_month", CSV("11", "1", "11-20"), "pass", NULL},
    {"current_month", CSV("09", "1", "10-20"), "fail", "there are no files of"},
    {"no_gap", CSV("09", "1", "10-02") "," CSV("10", "1", "11-02") "," CSV("11", "1", "11-20"), "pass", "3 months"},
    {"no_gap", CSV("08", "1", "09-02") "," CSV("11", "1", "11-20"), "fail", "2026-09, 2026-10"},
    {"no_shadow", CSV("11", "1", "11-20"), "pass", NULL},
    {"no_shadow",
     CSV("11", "1", "11-20") "," FILE_("p/n/data/BILLING_PERIOD=2026-11/n-00001.snappy.parquet", "11-21", "10",
                                       "STANDARD"),
     "fail", "1 file of Parquet"},
    {"no_empty_file", CSV("11", "1", "11-20"), "pass", NULL},
    {"no_empty_file", FILE_("p/n/data/BILLING_PERIOD=2026-11/n-00001.csv.gz", "11-20", "0", "STANDARD"), "fail",
     "has no content"},
    {"no_empty_file", FILE_("p/n/data/BILLING_PERIOD=2026-11/n-00001.csv.gz", "11-20", "20", "STANDARD"), "fail",
     "has no content"},
    {"not_archived", FILE_("p/n/data/BILLING_PERIOD=2026-11/n-00001.csv.gz", "11-20", "9", "GLACIER_IR"), "pass", NULL},
    {"not_archived", FILE_("p/n/data/BILLING_PERIOD=2026-11/n-00001.csv.gz", "11-20", "9", "GLACIER"), "fail",
     "is stored as GLACIER"},
    {"file_names", CSV("11", "1", "11-20"), "pass", NULL},
    {"file_names", FILE_("p/n/data/BILLING_PERIOD=2026-11/other-00001.csv.gz", "11-20", "9", "STANDARD"), "fail",
     "does not contain the export's name, n"},
    {"all_periods", CSV("10", "1", "11-02") "," CSV("11", "1", "11-20"), "pass", "2 periods"},
    {"no_leftovers", CSV("11", "1", "11-20"), "pass", NULL},
};

static const struct result *judge_source(struct arena *arena, const char *check, const char *source)
{
    struct str answer = str_format(arena,
                                   "{'User': {'b': 'acme', 'l': 'eu-west-1', 'n': 'n', 't': 'cur2', 'c': "
                                   "'arn:aws:iam::123456789012:user/u', 'p': 'p', %s}}",
                                   source);
    const struct scripted script[] = {ANSWERS("iam:GetUser", NULL, requoted(arena, answer.ptr).ptr), SCRIPT_END};
    return kit_judge(arena, check, script);
}

static void each_finding_passes_and_fails(void **state)
{
    size_t wrong = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str check = str_format(*state, "{'kind': 'delivery', 'finds': '%s', %s}", rows[i].finds, MODEL);
        struct str source = str_format(*state, "'o': [%s]", rows[i].objects);
        const struct result *result = judge_source(*state, check.ptr, source.ptr);
        if (str_equal(verdict_name(result->verdict), str_from(rows[i].verdict)) &&
            (!rows[i].message || str_contains(result->message, str_from(rows[i].message))))
            continue;
        wrong++;
        print_error("%s of %s: expected %s, found %.*s: %.*s\n", rows[i].finds, rows[i].objects, rows[i].verdict,
                    STR_ARG(verdict_name(result->verdict)), STR_ARG(result->message));
    }
    assert_int_equal(wrong, 0);
}

static void a_model_that_was_not_read_decides_nothing(void **state)
{
    static const struct scripted denied[] = {KIT_DENIED("iam:GetUser"), SCRIPT_END};
    static const struct scripted failed[] = {REFUSES("iam:GetUser", NULL, "ServiceFailure", "oops", 500), SCRIPT_END};
    static const struct scripted nothing[] = {SCRIPT_END};
    static const struct scripted *const scripts[] = {denied, failed, nothing};
    static const char *const checks[] = {
        FINDS("files"),
        FINDS("no_gap"),
        FINDS("not_archived"),
        FINDS("layout"),
        CONNECT(""),
        "{'kind': 'prefix', 'entered': 'user.p', 'actual': 'user.a', 'export_name': 'user.n', 'bucket': 'user.b'}",
        "{'kind': 'columns', 'header': 'user.h'}",
        "{'kind': 'accepts', 'value': 'user.v', 'as': 'prefix'}",
        "{'kind': 'member_of', 'each': 'user.e', 'of': 'user.o'}"};
    for (size_t i = 0; i < COUNT_OF(checks); i++) {
        for (size_t j = 0; j < COUNT_OF(scripts); j++)
            expect_verdict(kit_judge(*state, checks[i], scripts[j]), "unknown");
    }
}

static void connecting_succeeds_or_says_how_optscale_refuses(void **state)
{
    expect_verdict(judge_source(*state, CONNECT(""), "'o': [" CSV("11", "1", "11-20") "]"), "pass");
    struct str answer = STR("{'User': {'b': 'acme', 'n': 'n', 't': 'cur2', 'c': 'arn:aws:iam::123456789012:user/u', "
                            "'p': 'p', 'o': []}}"); /* no location: there is no such bucket */
    const struct scripted script[] = {ANSWERS("iam:GetUser", NULL, requoted(*state, answer.ptr).ptr), SCRIPT_END};
    const struct result *result = kit_judge(*state, CONNECT(""), script);
    expect_verdict(result, "fail");
    expect_contains(result->message, "connecting will fail: ");
}

static const struct {
    const char *entered;
    const char *actual;
    const char *verdict;
    const char *message;
} prefixes[] = {
    {"cur2", "cur2", "pass", "enter \"cur2\""},
    {"cur2/", "cur2", "pass", "cuts one slash"},
    {"cur2/n", "cur2", "pass", "cuts the export's name off"},
    {"/cur2", "cur2", "fail", "keeps the one before it"},
    {"cur2//", "cur2", "fail", "one at its end, and no more"},
    {"c", "a/b/c", "fail", "the last folder only"},
    {"acme", "cur2", "fail", "the bucket's name"},
    {"s3://acme/cur2", "cur2", "fail", "names the bucket"},
    {"CUR2", "cur2", "fail", "upper and lower case"},
    {"", "cur2", "fail", "nothing was entered"},
};

static void a_prefix_that_is_wrong_is_told_from_others(void **state)
{
    for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
        struct str source = str_format(*state, "'e': '%s', 'a': '%s'", prefixes[i].entered, prefixes[i].actual);
        const struct result *result = judge_source(
            *state,
            "{'kind': 'prefix', 'entered': 'user.e', 'actual': 'user.a', 'export_name': 'user.n', 'bucket': 'user.b'}",
            source.ptr);
        if (!str_equal(verdict_name(result->verdict), str_from(prefixes[i].verdict)) ||
            !str_contains(result->message, str_from(prefixes[i].message)))
            fail_msg("'%s': %.*s: %.*s", prefixes[i].entered, STR_ARG(verdict_name(result->verdict)),
                     STR_ARG(result->message));
    }
}

static void columns_that_are_missing_are_named_with_what_follows(void **state)
{
    const char *check = "{'kind': 'columns', 'header': 'user.h'}";
    expect_verdict(judge_source(*state, check, "'h': ['*']"), "pass");
    const struct result *result = judge_source(*state, check, "'h': ['bill_type']");
    expect_verdict(result, "fail");
    expect_contains(result->message, " is missing: ");
}

static void names_are_judged_by_who_has_to_take_them(void **state)
{
    static const struct {
        const char *form;
        const char *value;
        const char *verdict;
    } names[] = {
        {"bucket", "acme-billing", "pass"},  {"bucket", "a b", "fail"},      {"new_bucket", "acme", "pass"},
        {"new_bucket", "Acme", "fail"},      {"prefix", "", "pass"},         {"prefix", "cur 2", "fail"},
        {"export_name", "optscale", "pass"}, {"export_name", "a b", "fail"}, {"region", "eu-west-1", "pass"},
        {"region", "moon-1", "fail"},
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct str check = str_format(*state, "{'kind': 'accepts', 'value': 'user.v', 'as': '%s'}", names[i].form);
        struct str source = str_format(*state, "'v': '%s'", names[i].value);
        const struct result *result = judge_source(*state, check.ptr, source.ptr);
        if (!str_equal(verdict_name(result->verdict), str_from(names[i].verdict)))
            fail_msg("%s '%s': %.*s: %.*s", names[i].form, names[i].value, STR_ARG(verdict_name(result->verdict)),
                     STR_ARG(result->message));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(each_finding_passes_and_fails),
        arena_test(a_model_that_was_not_read_decides_nothing),
        arena_test(connecting_succeeds_or_says_how_optscale_refuses),
        arena_test(a_prefix_that_is_wrong_is_told_from_others),
        arena_test(columns_that_are_missing_are_named_with_what_follows),
        arena_test(names_are_judged_by_who_has_to_take_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
