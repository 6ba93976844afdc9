/* case_test.c: settings and accounts from JSON, and the answers as JSON. */
#include "optscale/files/case.h"

#include "support.h"

static void reads_versions_as_python_compares_them(void **state)
{
    static const struct {
        const char *value;
        enum optscale_version version;
        const char *stored; /* NULL: not stored */
    } rows[] = {
        {"2", OPTSCALE_VERSION_CUR2, "2"},          {"1", OPTSCALE_VERSION_LEGACY, "1"},
        {"2.0", OPTSCALE_VERSION_CUR2, "2"},        {"true", OPTSCALE_VERSION_LEGACY, "1"},
        {"0", OPTSCALE_VERSION_UNSET, "0"},         {"null", OPTSCALE_VERSION_UNSET, NULL},
        {"false", OPTSCALE_VERSION_UNSET, "false"}, {"3", OPTSCALE_VERSION_OTHER, "3"},
        {"-1", OPTSCALE_VERSION_OTHER, "-1"},       {"'2'", OPTSCALE_VERSION_OTHER, "\"2\""},
        {"''", OPTSCALE_VERSION_UNSET, "\"\""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct str text = str_format(*state, "{'config':{'linked':true,'cur_version':%s},'account':{}}", rows[i].value);
        struct optscale_case given = read_case(*state, str_to_c(*state, text));
        struct optscale_connection connection = connect_case(*state, &given);
        struct json answer = optscale_connection_json(*state, &connection, true);
        const struct json *stored = json_find(json_find(&answer, "config_updates"), "cur_version");
        assert_int_equal(given.config.version, rows[i].version);
        assert_int_equal(stored != NULL, rows[i].stored != NULL);
        if (stored) {
            assert_str_equal(json_text(*state, stored, 0), str_from(rows[i].stored));
        }
    }
}

static void lists_keys_in_the_byte_order_of_utf8(void **state)
{
    struct optscale_case given =
        bucket_case(*state, "p", "n", "2", "z\n\xf0\x9f\x98\x80\n\xef\xbf\xbd\n\xc3\xa9\nZ\na/b\na-b");
    const struct optscale_object *objects = given.account.buckets[0].objects;
    static const char *const expected[] = {"Z", "a-b", "a/b", "z", "\xc3\xa9", "\xef\xbf\xbd", "\xf0\x9f\x98\x80"};
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        assert_str_equal(objects[i].key, str_from(expected[i]));
    }
}

static void writes_periods_and_keys_sorted(void **state)
{
    struct optscale_case given = bucket_case(*state, "p", "n", "2",
                                             "p/n/a/BILLING_PERIOD=2026-02/n-1.csv.gz\n"
                                             "p/n/b/BILLING_PERIOD=2026-01/n-1.csv.gz\n"
                                             "p/n/b/BILLING_PERIOD=2026-02/n-1.csv.gz");
    struct optscale_discovery found = discover(*state, &given);
    struct json answer = optscale_discovery_json(*state, &found, false);
    assert_str_equal(json_text(*state, &answer, 0),
                     STR("{\"ok\":true,\"error\":null,\"periods\":{"
                         "\"20260101-20260201\":[\"p/n/b/BILLING_PERIOD=2026-01/n-1.csv.gz\"],"
                         "\"20260201-20260301\":[\"p/n/a/BILLING_PERIOD=2026-02/n-1.csv.gz\","
                         "\"p/n/b/BILLING_PERIOD=2026-02/n-1.csv.gz\"]}}"));
}

static void says_which_member_is_wrong(void **state)
{
    static const char *const rows[][2] = {
        {"[]", "config: expected an object"},
        {"{\"config\":{\"bucket_name\":1}}", "config: bucket_name: expected a string"},
        {"{\"config\":{}}", "account: expected an object"},
        {"{\"config\":{},\"account\":{\"buckets\":[]}}", "buckets: expected an object"},
        {"{\"config\":{},\"account\":{\"buckets\":{\"b\":1}}}", "bucket b: bucket: expected an object"},
        {"{\"config\":{},\"account\":{\"deny\":[1]}}", "deny: expected an array of actions"},
        {"{\"config\":{},\"account\":{\"buckets\":{\"b\":{\"objects\":[{\"Key\":\"k\",\"LastModified\":\"x\"}]}}}}",
         "bucket b: objects[0]: LastModified of k: x is no time"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct json *document;
        struct optscale_case given;
        struct error error = {.text = ""};
        assert_true(json_parse(*state, STR("f"), str_from(rows[i][0]), &json_limits_default, &document, &error));
        assert_false(optscale_case_read(*state, document, &given, &error));
        assert_str_equal(str_from(error.text), str_from(rows[i][1]));
    }
}

static void words_failures_as_the_api_does(void **state)
{
    struct optscale_failure failure = {.kind = OPTSCALE_BUCKET_NAME, .text = STR("x")};
    assert_str_equal(optscale_failure_reason(*state, &failure), STR("Unable to configure billing report: x"));
    failure.kind = OPTSCALE_INVALID_PARAMETER;
    assert_str_equal(optscale_failure_reason(*state, &failure), STR("Cloud error: x"));
    assert_int_equal(optscale_failure_row(OPTSCALE_KEY_ERROR)->http_status, 500);
    for (int kind = 0; kind < OPTSCALE_FAILURE_KIND_COUNT; kind++) {
        assert_non_null(optscale_failure_row((enum optscale_failure_kind)kind)->exception);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(reads_versions_as_python_compares_them), arena_test(lists_keys_in_the_byte_order_of_utf8),
        arena_test(writes_periods_and_keys_sorted),         arena_test(says_which_member_is_wrong),
        arena_test(words_failures_as_the_api_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
