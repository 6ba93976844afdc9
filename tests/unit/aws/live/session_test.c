/* session_test.c: requests made ready: endpoint, signature and token, and credentials renewed in time. */
#include "aws/live/session.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { T0 = 1795341600 }; /* 2026-11-22T10:00:00Z */

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

static struct session *open_session(char **environment, struct optscale_access optscale)
{
    static const struct settings_options none = {.profile = {NULL, 0}};
    struct settings *settings = arena_new(arena, struct settings);
    struct session_options options = {.settings = settings, .now = T0, .optscale = optscale};
    struct session *session = NULL;
    struct error error;
    if (!settings_load(arena, environment, &none, settings, &error) || !session_open(arena, &options, &session, &error))
        fail_msg("%s", error.text);
    return session;
}

static char *keys[] = {(char[]){"AWS_ACCESS_KEY_ID=AKID"}, (char[]){"AWS_SECRET_ACCESS_KEY=s"}, NULL};
static const struct optscale_access no_optscale = {.token = NULL};

static bool sign(struct session *session, const char *name, struct str region, struct http_request *ret,
                 struct error *error)
{
    static const struct wire_request wire = {
        .method = STR_INIT("GET"), .path = STR_INIT("/p"), .query = STR_INIT("a=b")};
    struct json parameters = json_object(NULL, 0);
    struct call call = {.operation = operation_find_call(str_from(name)), .parameters = json_box(arena, parameters)};
    struct signed_request request;
    assert_non_null(call.operation);
    if (!session_sign(session, arena, &call, region, &wire, &request, error))
        return false;
    *ret = request.http;
    return true;
}

static struct http_request signed_request(struct session *session, const char *name, struct str region)
{
    struct http_request request;
    struct error error;
    if (!sign(session, name, region, &request, &error))
        fail_msg("%s", error.text);
    return request;
}

static void expect(struct http_request request, const char *url, const char *credential)
{
    assert_string_equal(str_to_c(arena, request.url), url);
    struct str authorization = http_header_find(request.headers, STR("Authorization"));
    if (!str_contains(authorization, str_from(credential)))
        fail_msg("'%.*s', expected '%s'", STR_ARG(authorization), credential);
}

static void finds_the_endpoint_and_signs_for_its_region(void **state)
{
    (void)state;
    struct session *session = open_session(keys, no_optscale);
    expect(signed_request(session, "iam:ListUsers", STR("eu-west-1")), "https://iam.amazonaws.com/p?a=b",
           "Credential=AKID/20261122/us-east-1/iam/aws4_request, SignedHeaders=host;x-amz-date");
    expect(signed_request(session, "s3:GetBucketPolicy", STR("eu-west-1")), "https://s3.eu-west-1.amazonaws.com/p?a=b",
           "/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date");
    expect(signed_request(session, "elbv2:DescribeLoadBalancers", STR("")),
           "https://elasticloadbalancing.us-east-1.amazonaws.com/p?a=b", "/us-east-1/elasticloadbalancing/");
}

static void names_the_bucket_in_the_host_and_not_in_the_path(void **state)
{
    (void)state;
    static const struct {
        struct str path;
        const char *url;
    } rows[] = {{STR_INIT("/acme-billing"), "https://acme-billing.s3.eu-west-1.amazonaws.com/?a=b"},
                {STR_INIT("/acme-billing/k/l"), "https://acme-billing.s3.eu-west-1.amazonaws.com/k/l?a=b"}};
    const struct json *parameters;
    assert_true(
        json_parse(arena, STR("test"), STR("{\"Bucket\": \"acme-billing\"}"), &json_limits_default, &parameters, NULL));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct wire_request wire = {.method = STR("GET"), .path = rows[i].path, .query = STR("a=b")};
        struct call call = {.operation = operation_find_call(STR("s3:GetObject")), .parameters = parameters};
        struct signed_request request;
        struct error error;
        assert_true(
            session_sign(open_session(keys, no_optscale), arena, &call, STR("eu-west-1"), &wire, &request, &error));
        expect(request.http, rows[i].url, "/eu-west-1/s3/aws4_request");
        assert_true(str_starts(http_header_find(request.http.headers, STR("Host")), STR("acme-billing.s3.")));
    }
}

static void gives_each_service_its_own_endpoint(void **state)
{
    (void)state;
    char *environment[] = {keys[0], keys[1], (char[]){"AWS_ENDPOINT_URL_IAM=http://localhost:1/base/"}, NULL};
    struct session *session = open_session(environment, no_optscale);
    expect(signed_request(session, "iam:ListUsers", STR("eu-west-1")), "http://localhost:1/base/p?a=b",
           "/us-east-1/iam/");
    expect(signed_request(session, "sts:GetCallerIdentity", STR("eu-west-1")),
           "https://sts.eu-west-1.amazonaws.com/p?a=b", "/eu-west-1/sts/");
}

static void sends_optscales_token_over_https_alone(void **state)
{
    (void)state;
    static const struct {
        const char *url, *message;
    } rows[] = {{"", "--optscale-url"}, {"http://optscale.example.com", "https only"}, {"nonsense", "is no URL"}};
    struct optscale_access access = {.token = secret_make(arena, STR("tok")), .ca_file = STR("ca.pem")};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct http_request request;
        struct error error;
        access.url = str_from(rows[i].url);
        assert_false(sign(open_session(keys, access), "optscale:ListOrganizations", STR(""), &request, &error));
        assert_non_null(strstr(error.text, rows[i].message));
    }
    access.url = STR("https://optscale.example.com/");
    struct http_request request = signed_request(open_session(keys, access), "optscale:ListOrganizations", STR(""));
    expect(request, "https://optscale.example.com/p?a=b", "Bearer tok");
    assert_true(str_equal(request.ca_file, STR("ca.pem")));
}

/* A program that gives other keys each time it runs, K1, K2, …, good until 11:00, 12:00, … */
static char *write_process(const char *folder)
{
    char *path = str_to_c(arena, str_format(arena, "%s/config", folder));
    char *script = str_to_c(arena, str_format(arena, "%s/keys", folder));
    struct str text =
        str_format(arena,
                   "n=$(cat %s/n 2>/dev/null || echo 0); n=$((n + 1)); echo $n > %s/n\n"
                   "echo \"{\\\"Version\\\": 1, \\\"AccessKeyId\\\": \\\"K$n\\\", \\\"SecretAccessKey\\\": \\\"s\\\", "
                   "\\\"Expiration\\\": \\\"2026-11-22T1$n:00:00Z\\\"}\"\n",
                   folder, folder);
    struct str config = str_format(arena, "[default]\ncredential_process = sh %s\n", script);
    assert_true(file_write(script, text, 0600, NULL) && file_write(path, config, 0600, NULL));
    return str_to_c(arena, str_format(arena, "AWS_CONFIG_FILE=%s", path));
}

static void renews_credentials_ten_minutes_before_they_end(void **state)
{
    (void)state;
    char folder[] = "/tmp/exportcheck-session-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *environment[] = {write_process(folder), NULL};
    struct session *session = open_session(environment, no_optscale);
    assert_true(str_equal(session_credentials(session)->access_key_id, STR("K1")));
    session_correct_clock(session, 2990);
    expect(signed_request(session, "iam:ListUsers", STR("")), "https://iam.amazonaws.com/p?a=b", "Credential=K1/");
    session_correct_clock(session, 60);
    expect(signed_request(session, "iam:ListUsers", STR("")), "https://iam.amazonaws.com/p?a=b", "Credential=K2/");
    static const char *const files[] = {"config", "keys", "n"};
    for (size_t i = 0; i < COUNT_OF(files); i++)
        (void)unlink(str_to_c(arena, str_format(arena, "%s/%s", folder, files[i])));
    (void)rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_endpoint_and_signs_for_its_region),
        cmocka_unit_test(names_the_bucket_in_the_host_and_not_in_the_path),
        cmocka_unit_test(gives_each_service_its_own_endpoint),
        cmocka_unit_test(sends_optscales_token_over_https_alone),
        cmocka_unit_test(renews_credentials_ten_minutes_before_they_end),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
