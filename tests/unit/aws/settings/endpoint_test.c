/* endpoint_test.c: hosts and signing regions, held against the public SDKs' own cases. */
#include "aws/http/url.h"
#include "aws/settings/endpoint.h"
#include "base/file.h"
#include "base/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CASES TEST_SOURCE_DIR "/../shared/data/botocore/endpoint-cases.jsonl"

static struct arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_open(0);
    return 0;
}

static int close_arena(void **state)
{
    (void)state;
    arena_close(arena);
    return 0;
}

static struct endpoint resolve(struct endpoint_query query)
{
    struct endpoint endpoint;
    struct error error;
    if (!endpoint_resolve(arena, &query, &endpoint, &error))
        fail_msg("%s", error.text);
    return endpoint;
}

static void expect(struct endpoint_query query, const char *authority, const char *signing_region)
{
    struct endpoint found = resolve(query);
    assert_string_equal(str_to_c(arena, found.authority), authority);
    assert_string_equal(str_to_c(arena, found.signing_region), signing_region);
}

static void knows_global_and_regional_services(void **state)
{
    (void)state;
    expect((struct endpoint_query){.service = STR("iam"), .region = STR("eu-west-1")}, "iam.amazonaws.com",
           "us-east-1");
    expect((struct endpoint_query){.service = STR("iam"), .region = STR("cn-northwest-1")},
           "iam.cn-north-1.amazonaws.com.cn", "cn-north-1");
    expect((struct endpoint_query){.service = STR("s3"), .region = STR("eu-west-1")}, "s3.eu-west-1.amazonaws.com",
           "eu-west-1");
    expect((struct endpoint_query){.service = STR("bcm-data-exports"), .region = STR("eu-west-1")},
           "bcm-data-exports.us-east-1.api.aws", "us-east-1");
    expect((struct endpoint_query){.service = STR("kms"), .region = STR("us-gov-east-1"), .fips = true},
           "kms-fips.us-gov-east-1.amazonaws.com", "us-gov-east-1");
    expect((struct endpoint_query){.service = STR("s3control"),
                                   .region = STR("eu-west-1"),
                                   .account = STR("123456789012")},
           "123456789012.s3-control.eu-west-1.amazonaws.com", "eu-west-1");
    assert_string_equal(
        str_to_c(arena,
                 resolve((struct endpoint_query){.service = STR("elbv2"), .region = STR("eu-west-1")}).signing_name),
        "elasticloadbalancing");
}

static void gives_the_one_region_of_global_services(void **state)
{
    (void)state;
    static const struct {
        struct str service, caller;
        const char *region;
    } rows[] = {
        {STR_INIT("cur"), STR_INIT("eu-west-1"), "us-east-1"},
        {STR_INIT("cur"), STR_INIT("cn-north-1"), "cn-northwest-1"},
        {STR_INIT("iam"), STR_INIT("cn-northwest-1"), "cn-north-1"},
        {STR_INIT("iam"), STR_INIT("us-gov-east-1"), "us-gov-west-1"},
        {STR_INIT("organizations"), STR_INIT("ap-south-2"), "us-east-1"},
        {STR_INIT("bcm-data-exports"), STR_INIT("eusc-de-east-1"), "eusc-de-east-1"},
        {STR_INIT("s3"), STR_INIT("eu-west-1"), "eu-west-1"},
        {STR_INIT("unheard-of"), STR_INIT("eu-west-1"), "eu-west-1"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_string_equal(str_to_c(arena, endpoint_fixed_region(arena, rows[i].service, rows[i].caller)),
                            rows[i].region);
}

static void knows_partitions_by_region(void **state)
{
    (void)state;
    static const struct {
        struct str region;
        const char *partition;
    } rows[] = {
        {STR_INIT("us-east-1"), "aws"},
        {STR_INIT("us-gov-west-1"), "aws-us-gov"},
        {STR_INIT("us-iso-east-1"), "aws-iso"},
        {STR_INIT("us-isob-west-1"), "aws-iso-b"},
        {STR_INIT("eu-isoe-west-1"), "aws-iso-e"},
        {STR_INIT("eusc-de-east-1"), "aws-eusc"},
        {STR_INIT("cn-north-1"), "aws-cn"},
        {STR_INIT("moon-base-1"), "aws"},
        {STR_INIT("mx-central-1"), "aws"},
        {STR_INIT(""), "aws"},
        {STR_INIT("cn-"), "aws"},
        {STR_INIT("cn-north-"), "aws"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_string_equal(str_to_c(arena, endpoint_partition(rows[i].region)), rows[i].partition);
}

static void puts_the_bucket_into_the_host_where_its_name_allows_it(void **state)
{
    (void)state;
    static const struct {
        const char *bucket, *custom;
        enum addressing addressing;
        const char *authority;
    } rows[] = {
        {"acme-billing", "", ADDRESSING_AUTO, "acme-billing.s3.eu-west-1.amazonaws.com"},
        {"acme.billing", "", ADDRESSING_AUTO, "s3.eu-west-1.amazonaws.com"},
        {"Acme", "", ADDRESSING_AUTO, "s3.eu-west-1.amazonaws.com"},
        {"acme_billing", "", ADDRESSING_AUTO, "s3.eu-west-1.amazonaws.com"},
        {"ab", "", ADDRESSING_AUTO, "s3.eu-west-1.amazonaws.com"},
        {"acme-billing", "", ADDRESSING_PATH, "s3.eu-west-1.amazonaws.com"},
        {"acme-billing", "https://s3.example.com", ADDRESSING_AUTO, "s3.example.com"},
        {"acme-billing", "https://s3.example.com", ADDRESSING_VIRTUAL, "acme-billing.s3.example.com"},
        {"acme-billing", "https://127.0.0.1:1", ADDRESSING_VIRTUAL, "127.0.0.1:1"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct endpoint found = resolve((struct endpoint_query){.service = STR("s3"),
                                                                .region = STR("eu-west-1"),
                                                                .bucket = str_from(rows[i].bucket),
                                                                .custom = str_from(rows[i].custom),
                                                                .addressing = rows[i].addressing});
        assert_string_equal(str_to_c(arena, found.authority), rows[i].authority);
        assert_int_equal(found.bucket_in_host, str_starts(found.authority, STR("acme-billing.")));
    }
}

/* As the SDKs' rules have it, which know no dual stack here: the host under the dual-stack suffix is asked either way,
 * and a partition whose host is under the other suffix has none. */
static void asks_data_exports_at_one_host_of_the_partition_or_says_that_there_is_none(void **state)
{
    (void)state;
    static const struct {
        const char *region, *host, *fips;
        bool dual_stack; /* whether the host that is no FIPS one answers over both kinds of address */
    } rows[] = {
        {"eu-west-1", "bcm-data-exports.us-east-1.api.aws", "bcm-data-exports-fips.us-east-1.api.aws", true},
        {"cn-north-1", "bcm-data-exports.cn-northwest-1.api.amazonwebservices.com.cn",
         "bcm-data-exports-fips.cn-northwest-1.api.amazonwebservices.com.cn", true},
        {"eusc-de-east-1", "bcm-data-exports.eusc-de-east-1.api.amazonwebservices.eu",
         "bcm-data-exports-fips.eusc-de-east-1.api.amazonwebservices.eu", true},
        {"us-gov-east-1", "bcm-data-exports.us-gov-west-1.api.aws", "bcm-data-exports-fips.us-gov-west-1.api.aws",
         true},
        {"us-iso-west-1", "bcm-data-exports.us-iso-east-1.c2s.ic.gov",
         "bcm-data-exports-fips.us-iso-east-1.api.aws.ic.gov", false},
        {"us-isob-east-1", "bcm-data-exports.us-isob-east-1.sc2s.sgov.gov",
         "bcm-data-exports-fips.us-isob-east-1.api.aws.scloud", false},
        {"eu-isoe-west-1", "bcm-data-exports.eu-isoe-west-1.cloud.adc-e.uk",
         "bcm-data-exports-fips.eu-isoe-west-1.api.cloud-aws.adc-e.uk", false},
        {"us-isof-east-1", "bcm-data-exports.us-isof-south-1.csp.hci.ic.gov",
         "bcm-data-exports-fips.us-isof-south-1.api.aws.hci.ic.gov", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct endpoint_query query = {.service = STR("bcm-data-exports"), .region = str_from(rows[i].region)};
        struct endpoint endpoint;
        struct error error;
        assert_string_equal(str_to_c(arena, resolve(query).authority), rows[i].host);
        query.fips = true;
        assert_string_equal(str_to_c(arena, resolve(query).authority), rows[i].fips);
        query.dual_stack = true;
        assert_string_equal(str_to_c(arena, resolve(query).authority), rows[i].fips);
        query.fips = false;
        assert_int_equal(endpoint_resolve(arena, &query, &endpoint, &error), rows[i].dual_stack);
        if (rows[i].dual_stack)
            assert_string_equal(str_to_c(arena, endpoint.authority), rows[i].host);
        else
            assert_non_null(strstr(error.text, "bcm-data-exports has no dual-stack endpoint in partition aws-iso"));
    }
}

static void takes_custom_endpoints_as_they_are(void **state)
{
    (void)state;
    struct endpoint_query query = {.service = STR("s3control"),
                                   .region = STR("eu-west-1"),
                                   .account = STR("123456789012"),
                                   .custom = STR("http://127.0.0.1:4566/base/")};
    struct endpoint found = resolve(query);
    assert_true(found.custom);
    assert_true(str_equal(found.scheme, STR("http")));
    assert_true(str_equal(found.authority, STR("127.0.0.1:4566")));
    assert_true(str_equal(found.base_path, STR("/base")));
    assert_true(str_equal(found.signing_region, STR("eu-west-1")));
    query.custom = STR("https://vpce.example.com");
    assert_true(str_equal(resolve(query).authority, STR("123456789012.vpce.example.com")));
}

static void refuses_what_cannot_be(void **state)
{
    (void)state;
    static const struct endpoint_query rows[] = {
        {.service = STR_INIT("s3")},
        {.service = STR_INIT("s3"), .region = STR_INIT("a b")},
        {.service = STR_INIT("nothing"), .region = STR_INIT("us-east-1")},
        {.service = STR_INIT("s3"), .region = STR_INIT("cn-north-1"), .fips = true},
        {.service = STR_INIT("s3"), .region = STR_INIT("us-east-1"), .custom = STR_INIT("ftp://host")},
        {.service = STR_INIT("s3"), .region = STR_INIT("us-east-1"), .custom = STR_INIT("http://h?x=1")},
        {.service = STR_INIT("s3"), .region = STR_INIT("us-east-1"), .custom = STR_INIT("http://h"), .fips = true},
        {.service = STR_INIT("s3control"), .region = STR_INIT("us-east-1"), .account = STR_INIT("/?x")},
        {.service = STR_INIT("s3"), .region = STR_INIT("us-east-1"), .custom = STR_INIT("http://aws.example.com")},
        {.service = STR_INIT("s3"), .region = STR_INIT("us-east-1"), .custom = STR_INIT("http://10.0.0.1:4566")},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct endpoint endpoint;
        struct error error;
        assert_false(endpoint_resolve(arena, &rows[i], &endpoint, &error));
        assert_string_equal(error.code, "input");
    }
}

static void takes_urls_apart(void **state)
{
    (void)state;
    struct url url;
    assert_true(url_parse(STR("http://[::1]:80/a?b"), &url, NULL));
    assert_true(str_equal(url.host, STR("::1")));
    assert_true(str_equal(url.authority, STR("[::1]:80")));
    assert_true(str_equal(url.path, STR("/a")));
    assert_true(str_equal(url.query, STR("b")));
    static const struct str wrong[] = {
        STR_INIT(""),
        STR_INIT("host"),
        STR_INIT("file:///etc"),
        STR_INIT("http://"),
        STR_INIT("http://h:0"),
        STR_INIT("http://h:65536"),
        STR_INIT("http://u:p@h"),
        STR_INIT("http://h/a b"),
        STR_INIT("http://[::1"),
        STR_INIT("http://h#f"),
        STR_INIT("http://h\r\nX:"),
        STR_INIT("http://h:+1"),
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(url_parse(wrong[i], &url, NULL));
    assert_true(url_host_is_loopback(STR("127.8.9.1")));
    assert_true(url_host_is_loopback(STR("LOCALHOST")));
    assert_false(url_host_is_loopback(STR("127.evil.com")));
    assert_false(url_host_is_loopback(STR("10.0.0.1")));
}

/* --- the SDKs' cases ------------------------------------------------------------------------- */

struct tally {
    int met;
    int errors;
    int dotted;        /* of S3, which we address by path */
    int pseudo_region; /* aws-global and its like, which only some SDKs take */
    int global;        /* the rules make hosts of Organizations in regions where it does not answer */
    int refused;       /* S3 Control alone lets FIPS and a custom endpoint stand together; we do so nowhere */
};

static struct str url_of(const struct endpoint *endpoint, const struct json *test)
{
    struct str bucket = str_percent_encode(arena, json_find_string(test, "bucket"), "");
    if (endpoint->bucket_in_host)
        bucket = STR("");
    return str_format(arena, "%.*s://%.*s%.*s%s%.*s", STR_ARG(endpoint->scheme), STR_ARG(endpoint->authority),
                      STR_ARG(endpoint->base_path), bucket.len > 0 ? "/" : "", STR_ARG(bucket));
}

static void check_error(const struct json *test, bool ok, struct tally *tally)
{
    struct str message = json_find_string(test, "error");
    /* An S3 Control call needs its account; the protocol's required parameter sees to that. */
    if (ok && !str_starts(message, STR("AccountId is required")))
        fail_msg("no error for %.*s", STR_ARG(json_text(arena, test, 0)));
    tally->errors++;
}

static bool is_virtual_host(const struct json *test)
{
    struct str bucket = json_find_string(test, "bucket");
    struct str label = str_join3(arena, STR("://"), bucket, STR("."));
    return bucket.len > 0 && str_contains(json_find_string(test, "url"), label);
}

static void check_url(const struct json *test, const struct endpoint *endpoint, struct tally *tally)
{
    struct str url = json_find_string(test, "url");
    struct str bucket = json_find_string(test, "bucket");
    if (is_virtual_host(test) && !endpoint->bucket_in_host) {
        tally->dotted++; /* over plain http, where no certificate is asked for */
        assert_true(str_find_char(bucket, '.', 0) >= 0);
    } else if (!str_equal(url_of(endpoint, test), url)) {
        fail_msg("%.*s: found %.*s", STR_ARG(json_text(arena, test, 0)), STR_ARG(url_of(endpoint, test)));
    } else {
        tally->met++;
    }
    assert_true(str_equal(endpoint->signing_name, json_find_string(test, "signing_name")));
    assert_true(str_equal(endpoint->signing_region, json_find_string(test, "signing_region")));
}

static void check_case(const struct json *test, struct tally *tally)
{
    struct endpoint_query query = {.service = json_find_string(test, "service"),
                                   .region = json_find_string(test, "region"),
                                   .account = json_find_string(test, "account_id"),
                                   .custom = json_find_string(test, "endpoint"),
                                   .fips = json_find_boolean(test, "fips", false),
                                   .dual_stack = json_find_boolean(test, "dual_stack", false),
                                   .plain_http = true,
                                   .bucket = json_find_string(test, "bucket"),
                                   .addressing = is_virtual_host(test) ? ADDRESSING_VIRTUAL : ADDRESSING_PATH};
    struct endpoint endpoint;
    struct error error;
    bool fails = json_find(test, "error");
    if (query.region.len == 0 && !fails) /* a run always has a region */
        query.region = STR("us-east-1");
    if (str_ends(query.region, STR("-global"))) {
        tally->pseudo_region++;
        return;
    }
    bool ok = endpoint_resolve(arena, &query, &endpoint, &error);
    if (ok && !str_equal(endpoint.signing_region, json_find_string(test, "signing_region")) &&
        str_equal(query.service, STR("organizations")))
        tally->global++;
    else if (!fails && !ok && query.fips && query.custom.len > 0)
        tally->refused++;
    else if (fails)
        check_error(test, ok, tally);
    else if (!ok)
        fail_msg("%.*s: %s", STR_ARG(json_text(arena, test, 0)), error.text);
    else if (json_is(json_find(test, "signing_region"), JSON_STRING))
        check_url(test, &endpoint, tally);
}

static void meets_the_cases_of_the_sdks(void **state)
{
    (void)state;
    struct str text, line;
    if (!file_read(arena, CASES, 1 << 24, &text, NULL)) {
        print_message("skipped: the SDKs' endpoint cases are not at %s\n", CASES);
        skip();
    }
    struct tally tally = {0};
    while (str_cut(&text, '\n', &line)) {
        const struct json *test;
        assert_true(json_parse(arena, STR("case"), line, &json_limits_default, &test, NULL));
        check_case(test, &tally);
    }
    print_message("%d URLs, %d errors; not ours: %d dotted, %d of the pseudo region, %d refused, %d global\n",
                  tally.met, tally.errors, tally.dotted, tally.pseudo_region, tally.refused, tally.global);
    assert_int_equal(tally.global, 6);
    assert_int_equal(tally.refused, 2);
    assert_true(tally.met > 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_global_and_regional_services),
        cmocka_unit_test(gives_the_one_region_of_global_services),
        cmocka_unit_test(knows_partitions_by_region),
        cmocka_unit_test(puts_the_bucket_into_the_host_where_its_name_allows_it),
        cmocka_unit_test(asks_data_exports_at_one_host_of_the_partition_or_says_that_there_is_none),
        cmocka_unit_test(takes_custom_endpoints_as_they_are),
        cmocka_unit_test(refuses_what_cannot_be),
        cmocka_unit_test(takes_urls_apart),
        cmocka_unit_test(meets_the_cases_of_the_sdks),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
