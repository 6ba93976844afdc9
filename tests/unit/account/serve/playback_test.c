/* playback_test.c: a snapshot played back, without a socket: every call is answered as it was recorded. */
#include "account/serve/playback.h"
#include "aws/crypto/digest.h"
#include "aws/protocol/paging.h"
#include "aws/signing/sigv4.h"
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define CREATED "2026-11-22T10:00:00Z"

static const char snapshot_text[] =
    "{\"format\": \"exportcheck-snapshot/1\", \"created\": \"" CREATED "\", \"tool\": \"t\", \"target\": {},"
    "\"caller\": {\"access_key_id\": \"AKIDEXAMPLE\"}, \"calls\": ["
    "{\"service\": \"sts\", \"operation\": \"GetCallerIdentity\", \"region\": \"us-east-1\", \"parameters\": {},"
    " \"answer\": {\"Account\": \"123456789012\", \"Arn\": \"arn:aws:iam::123456789012:user/a\", \"UserId\": \"AIDA\"}},"
    "{\"service\": \"s3\", \"operation\": \"HeadBucket\", \"region\": \"us-east-1\", \"parameters\": {\"Bucket\": \"seen\"},"
    " \"error\": {\"code\": \"403\", \"message\": \"Forbidden\", \"http_status\": 403, \"bucket_region\": \"eu-west-1\"}},"
    "{\"service\": \"s3\", \"operation\": \"GetBucketPolicy\", \"region\": \"eu-west-1\", \"parameters\": {\"Bucket\": \"seen\"},"
    " \"answer\": {\"Policy\": {\"Version\": \"2012-10-17\", \"Statement\": []}}},"
    "{\"service\": \"s3\", \"operation\": \"GetBucketLocation\", \"region\": \"eu-north-1\", \"parameters\": {\"Bucket\": \"other\"},"
    " \"answer\": {\"LocationConstraint\": \"eu-north-1\"}},"
    "{\"service\": \"s3\", \"operation\": \"ListObjectsV2\", \"region\": \"eu-west-1\", \"parameters\": {\"Bucket\": \"seen\","
    " \"Prefix\": \"p/\"}, \"answer\": {\"Name\": \"seen\", \"Prefix\": \"p/\", \"Contents\": [{\"Key\": \"p/\\u0001 +%\", \"Size\": 0},"
    " {\"Key\": \"p/b\", \"Size\": 1}, {\"Key\": \"p/c\", \"Size\": 2}], \"CommonPrefixes\": [{\"Prefix\": \"p/d/\"}]}},"
    "{\"service\": \"s3\", \"operation\": \"GetObject\", \"region\": \"eu-west-1\", \"parameters\": {\"Bucket\": \"seen\","
    " \"Key\": \"p/b.csv.gz\", \"Range\": \"bytes=0-65535\"}, \"answer\": {\"Header\": [\"a\", \"b\"]}},"
    "{\"service\": \"ec2\", \"operation\": \"DescribeRegions\", \"region\": \"us-east-1\", \"parameters\": {\"DryRun\": true},"
    " \"error\": {\"code\": \"DryRunOperation\", \"message\": \"m\", \"http_status\": 412}},"
    "{\"service\": \"iam\", \"operation\": \"ListUsers\", \"region\": \"us-east-1\", \"parameters\": {},"
    " \"answer\": {\"Users\": [{\"UserName\": \"a\"}, {\"UserName\": \"b\"}, {\"UserName\": \"c\"}]}},"
    "{\"service\": \"elbv2\", \"operation\": \"DescribeLoadBalancers\", \"region\": \"us-east-1\", \"parameters\": {},"
    " \"answer\": {\"LoadBalancers\": []}},"
    "{\"service\": \"elbv2\", \"operation\": \"DescribeLoadBalancers\", \"region\": \"eu-west-1\", \"parameters\": {},"
    " \"answer\": {\"LoadBalancers\": [{\"LoadBalancerName\": \"x\"}]}},"
    "{\"service\": \"cur\", \"operation\": \"DescribeReportDefinitions\", \"region\": \"us-east-1\", \"parameters\": {},"
    " \"error\": {\"code\": \"AccessDeniedException\", \"message\": \"m\", \"http_status\": 400}},"
    "{\"service\": \"kms\", \"operation\": \"DescribeKey\", \"region\": \"eu-west-1\", \"parameters\": {\"KeyId\": \"k\"},"
    " \"error\": {\"code\": \"Timeout\", \"message\": \"m\", \"http_status\": 0}},"
    "{\"service\": \"optscale\", \"operation\": \"ListOrganizations\", \"region\": \"\", \"parameters\": {},"
    " \"answer\": {\"organizations\": [{\"id\": \"1\", \"extra\": [1]}]}}]}";

struct kit {
    struct arena *arena;
    const struct snapshot *snapshot;
    struct playback_options options;
    const struct playback *playback;
};

static void open_playback(struct kit *kit)
{
    kit->playback = playback_open(kit->arena, &kit->options);
}

static int open_kit(void **state)
{
    struct arena *arena = arena_open(0);
    struct kit *kit = arena_new(arena, struct kit);
    struct error error;
    kit->arena = arena;
    if (!snapshot_read(arena, STR("test"), STR(snapshot_text), &kit->snapshot, &error))
        fail_msg("%s", error.text);
    kit->options.snapshot = kit->snapshot;
    open_playback(kit);
    *state = kit;
    return 0;
}

static int close_kit(void **state)
{
    struct kit *kit = *state;
    arena_close(kit->arena);
    return 0;
}

/* Makes a call as the transport does, page by page, without signing. */
static struct answer ask(struct kit *kit, const struct call *call)
{
    struct pager *pager = pager_open(kit->arena, call, 0);
    for (bool more = true; more;) {
        struct wire_request request;
        struct error error;
        if (!protocol_encode_request(kit->arena, call, pager_token(pager), &request, &error))
            fail_msg("%s", error.text);
        struct played played = playback_answer(kit->playback, kit->arena, &request, 0, WEATHER_FINE, STR(""));
        struct answer page = protocol_decode_answer(kit->arena, call, &played.wire);
        more = pager_add(pager, &page);
    }
    return pager_answer(pager);
}

static struct call make_call(struct kit *kit, const char *name, const char *parameters)
{
    struct call call = {.operation = operation_find_call(str_from(name))};
    assert_non_null(call.operation);
    assert_true(
        json_parse(kit->arena, STR("test"), str_from(parameters), &json_limits_default, &call.parameters, NULL));
    return call;
}

static struct answer ask_for(struct kit *kit, const char *name, const char *parameters)
{
    struct call call = make_call(kit, name, parameters);
    return ask(kit, &call);
}

static void assert_code(struct answer answer, const char *code)
{
    if (!str_equal(answer.code, str_from(code)))
        fail_msg("%.*s: %.*s", STR_ARG(answer.code), STR_ARG(answer.message));
}

static void assert_all_as_recorded(struct kit *kit)
{
    for (size_t i = 0; i < kit->snapshot->call_count; i++) {
        struct answered_call recorded = kit->snapshot->calls[i];
        if (str_equal(recorded.call.region, STR("eu-west-1")) &&
            str_equal(str_from(recorded.call.operation->service->id), STR("elbv2")))
            continue; /* told apart by the signature's region alone */
        if (recorded.answer.value && json_find(recorded.answer.value, "Header"))
            recorded.call.decode = DECODE_CSV_HEADER;
        struct answer found = ask(kit, &recorded.call);
        if (recorded.answer.code.len > 0)
            assert_true(str_equal(found.code, recorded.answer.code));
        else if (!found.value || !json_equal(found.value, recorded.answer.value))
            fail_msg("%s: %.*s", recorded.call.operation->name,
                     STR_ARG(found.value ? json_text(kit->arena, found.value, 0) : found.message));
        assert_true(str_equal(found.bucket_region, recorded.answer.bucket_region));
    }
}

static void every_call_is_answered_as_it_was_recorded(void **state)
{
    assert_all_as_recorded(*state);
}

static void pages_of_any_size_join_to_the_same(void **state)
{
    struct kit *kit = *state;
    for (kit->options.page_size = 1; kit->options.page_size < 5; kit->options.page_size++) {
        open_playback(kit);
        assert_all_as_recorded(kit);
    }
}

static void what_the_snapshot_lacks_is_said_in_each_protocol(void **state)
{
    struct kit *kit = *state;
    assert_code(ask_for(kit, "s3:GetBucketPolicy", "{\"Bucket\": \"none\"}"), ANSWER_NOT_IN_SNAPSHOT);
    assert_code(ask_for(kit, "s3:HeadBucket", "{\"Bucket\": \"none\"}"), ANSWER_NOT_IN_SNAPSHOT);
    assert_code(ask_for(kit, "s3:HeadBucket", "{\"Bucket\": \"seen\", \"ExpectedBucketOwner\": \"1\"}"),
                ANSWER_NOT_IN_SNAPSHOT);
    assert_code(ask_for(kit, "iam:GetUser", "{}"), ANSWER_NOT_IN_SNAPSHOT);
    assert_code(ask_for(kit, "ec2:DescribeVpcs", "{}"), ANSWER_NOT_IN_SNAPSHOT);
    assert_code(ask_for(kit, "kms:DescribeKey", "{\"KeyId\": \"x\"}"), ANSWER_NOT_IN_SNAPSHOT);
    assert_code(ask_for(kit, "s3control:GetPublicAccessBlock", "{\"AccountId\": \"1\"}"), ANSWER_NOT_IN_SNAPSHOT);
    assert_code(ask_for(kit, "optscale:ListReportImports", "{\"cloud_account_id\": \"1\"}"), ANSWER_NOT_IN_SNAPSHOT);
}

static void the_region_of_a_bucket_is_known_from_other_calls(void **state)
{
    struct kit *kit = *state;
    struct answer answer = ask_for(kit, "s3:HeadBucket", "{\"Bucket\": \"other\"}");
    assert_code(answer, ANSWER_NOT_IN_SNAPSHOT); /* so that who collects records nothing */
    assert_true(str_equal(answer.bucket_region, STR("eu-north-1")));
}

static void buckets_are_found_in_the_host_too(void **state)
{
    struct kit *kit = *state;
    struct http_header host = {STR("Host"), STR("seen.s3.localhost:8080")};
    struct wire_request request = {
        .method = STR("GET"), .path = STR("/"), .query = STR("policy"), .headers = {&host, 1}};
    struct played played = playback_answer(kit->playback, kit->arena, &request, 0, WEATHER_FINE, STR(""));
    assert_int_equal(played.wire.status, 200);
    assert_true(str_contains(played.wire.body, STR("2012-10-17")));
}

static void what_sdks_add_makes_no_difference(void **state)
{
    struct kit *kit = *state;
    struct http_header header = {STR("x-amz-checksum-mode"), STR("ENABLED")};
    struct wire_request request = {
        .method = STR("GET"), .path = STR("/seen/p/b.csv.gz"), .query = STR("x-id=GetObject"), .headers = {&header, 1}};
    struct played played = playback_answer(kit->playback, kit->arena, &request, 0, WEATHER_FINE, STR(""));
    assert_int_equal(played.wire.status, 200);
}

static void the_clock_is_the_snapshots(void **state)
{
    struct kit *kit = *state;
    struct wire_request request = {.method = STR("GET"), .path = STR("/")};
    struct played played = playback_answer(kit->playback, kit->arena, &request, 75, WEATHER_FINE, STR(""));
    assert_true(str_equal(http_header_find(played.wire.headers, STR("Date")), STR("Sun, 22 Nov 2026 10:01:15 GMT")));
}

static void optscale_gives_a_token(void **state)
{
    struct kit *kit = *state;
    struct wire_request request = {.method = STR("POST"), .path = STR("/auth/v2/tokens"), .body = STR("{}")};
    struct played played = playback_answer(kit->playback, kit->arena, &request, 0, WEATHER_FINE, STR(""));
    assert_int_equal(played.wire.status, 201);
    assert_true(str_contains(played.wire.body, STR("\"token\"")));
}

static struct answer with_fault(struct kit *kit, const char *fault, const char *parameters)
{
    struct fault faults[1];
    struct error error;
    struct str call;
    struct str mode = str_from(fault);
    if (!fault_parse(str_from(fault), &faults[0], &error))
        fail_msg("%s", error.text);
    kit->options.faults = faults;
    kit->options.fault_count = 1;
    open_playback(kit);
    str_cut(&mode, '=', &call);
    struct answer answer = ask_for(kit, str_to_c(kit->arena, call), parameters);
    kit->options.fault_count = 0;
    return answer;
}

static void any_answer_can_be_broken(void **state)
{
    struct kit *kit = *state;
    struct answer answer = with_fault(kit, "sts:GetCallerIdentity=denied", "{}");
    assert_true(answer_is_denied(&answer));
    answer = with_fault(kit, "cur:DescribeReportDefinitions=denied", "{}");
    assert_true(answer_is_denied(&answer));
    answer = with_fault(kit, "ec2:DescribeRegions=denied", "{\"DryRun\": true}");
    assert_true(answer_is_denied(&answer));
    answer = with_fault(kit, "s3:HeadBucket=denied", "{\"Bucket\": \"seen\"}");
    assert_true(answer_is_denied(&answer));
    answer = with_fault(kit, "optscale:ListOrganizations=denied", "{}");
    assert_true(answer_is_denied(&answer));
    assert_int_equal(with_fault(kit, "iam:ListUsers=http-500", "{}").http_status, 500);
    assert_code(with_fault(kit, "iam:ListUsers=truncated", "{}"), ANSWER_BAD);
    assert_code(with_fault(kit, "s3:GetBucketPolicy=truncated", "{\"Bucket\": \"seen\"}"), ANSWER_BAD);
    assert_code(with_fault(kit, "optscale:ListOrganizations=html", "{}"), ANSWER_BAD);
    assert_code(with_fault(kit, "iam:ListUsers=missing", "{}"), ANSWER_NOT_IN_SNAPSHOT);
}

static void wrong_faults_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "", "iam:ListUsers", "iam:ListUsers=", "iam:DeleteUser=denied", "ListUsers=denied", "iam:ListUsers=broken"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct fault fault;
        struct error error;
        assert_false(fault_parse(str_from(wrong[i]), &fault, &error));
        assert_true(error_is(&error, ERROR_INPUT));
    }
}

/* ---------------------------------------------------------------- signatures */

/* The code that a request for ListUsers signed by this key, at this time, is answered with. */
static struct str signed_with(struct kit *kit, const char *id, const char *secret, int64_t time)
{
    struct arena *arena = kit->arena;
    struct call call = make_call(kit, "iam:ListUsers", "{}");
    struct wire_request request;
    struct error error;
    assert_true(protocol_encode_request(arena, &call, STR(""), &request, &error));
    struct http_header headers[4] = {request.headers.items[0],
                                     {STR("Host"), STR("127.0.0.1:80")},
                                     {STR("X-Amz-Date"), clock_iso_basic(arena, time)}};
    struct sigv4_request signing = {request.method, request.path, request.query,
                                    {headers, 3},   {NULL, 0},    SIGV4_PATH_NORMAL};
    struct sigv4_scope scope = {time, STR("us-east-1"), STR("iam")};
    assert_true(digest_sha256_hex(arena, request.body, &signing.payload_hash, &error));
    headers[3].name = STR("Authorization");
    struct sigv4_keys *keys = sigv4_keys_open(arena, str_from(id), secret_make(arena, str_from(secret)));
    assert_true(sigv4_sign(keys, arena, &signing, &scope, &headers[3].value, &error));
    request.headers = (struct http_headers){headers, 4};
    return playback_answer(kit->playback, arena, &request, 0, WEATHER_FINE, STR("")).code;
}

static void signatures_are_verified_where_a_key_is_given(void **state)
{
    struct kit *kit = *state;
    int64_t created;
    assert_true(clock_parse(STR(CREATED), &created));
    kit->options.access_key_id = STR("AKIDEXAMPLE");
    kit->options.secret_key = secret_make(kit->arena, STR("secret"));
    open_playback(kit);
    assert_true(str_equal(signed_with(kit, "AKIDEXAMPLE", "secret", created), STR("")));
    assert_true(str_equal(signed_with(kit, "AKIDEXAMPLE", "secret", created + 100000), STR("")));
    assert_true(str_equal(signed_with(kit, "AKIDEXAMPLE", "another", created), STR("SignatureDoesNotMatch")));
    assert_true(str_equal(signed_with(kit, "AKIAOTHER", "secret", created), STR("InvalidClientTokenId")));
    assert_code(ask_for(kit, "iam:ListUsers", "{}"), "MissingAuthenticationToken");
    assert_non_null(ask_for(kit, "optscale:ListOrganizations", "{}").value);
    kit->options.check_clock = true;
    open_playback(kit);
    assert_true(str_equal(signed_with(kit, "AKIDEXAMPLE", "secret", created + 200), STR("")));
    assert_true(str_equal(signed_with(kit, "AKIDEXAMPLE", "secret", created + 400), STR("SignatureDoesNotMatch")));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_kit, close_kit)

/* Allows what begins with "Describe", and says so of nothing else. */
static bool allow_describing(const void *context, struct arena *arena, const struct asked *asked, struct str region,
                             struct str *ret_refusal)
{
    (void)context;
    (void)arena;
    (void)region;
    *ret_refusal = STR("User: b is not authorized");
    return str_starts(str_from(asked->operation->name), STR("Describe")) ||
           str_starts(str_from(asked->operation->name), STR("GetCaller"));
}

/* Knows who asks, and leaves the rest to the snapshot. */
static bool answer_identity(const void *context, struct arena *arena, const struct asked *asked,
                            struct str access_key_id, struct answer *ret)
{
    (void)arena;
    (void)access_key_id;
    *ret = (struct answer){.value = context, .http_status = 200};
    return str_equal(str_from(asked->operation->name), STR("GetCallerIdentity"));
}

static void a_caller_sees_what_it_may(void **state)
{
    struct kit *kit = *state;
    const struct json_member members[] = {{STR_INIT("Arn"), {.type = JSON_STRING, .string = STR_INIT("b")}}};
    const struct json identity = json_object(members, 1);
    const struct playback_caller caller = {allow_describing, answer_identity, &identity};
    kit->options.caller = &caller;
    open_playback(kit);
    struct answer answer = ask_for(kit, "s3:GetBucketPolicy", "{\"Bucket\": \"seen\"}");
    assert_code(answer, "AccessDenied");
    assert_true(str_equal(answer.message, STR("User: b is not authorized")));
    assert_true(str_equal(ask_for(kit, "s3:HeadBucket", "{\"Bucket\": \"seen\"}").bucket_region, STR("eu-west-1")));
    assert_code(ask_for(kit, "ec2:DescribeVpcs", "{\"DryRun\": true}"), "DryRunOperation");
    answer = ask_for(kit, "sts:GetCallerIdentity", "{}");
    assert_true(str_equal(json_find_string(answer.value, "Arn"), STR("b")));
    assert_code(ask_for(kit, "optscale:ListOrganizations", "{}"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_call_is_answered_as_it_was_recorded),
        TEST(pages_of_any_size_join_to_the_same),
        TEST(what_the_snapshot_lacks_is_said_in_each_protocol),
        TEST(the_region_of_a_bucket_is_known_from_other_calls),
        TEST(buckets_are_found_in_the_host_too),
        TEST(what_sdks_add_makes_no_difference),
        TEST(the_clock_is_the_snapshots),
        TEST(optscale_gives_a_token),
        TEST(any_answer_can_be_broken),
        TEST(wrong_faults_are_refused),
        TEST(a_caller_sees_what_it_may),
        TEST(signatures_are_verified_where_a_key_is_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
