/* Snapshots: what is refused and where, that writing and reading agree, what is equal, and playing one back. */
#include "account/snapshot/snapshot.h"

#include "base/buf.h"
#include "base/file.h"
#include "cmocka_all.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD "{\"format\": \"exportcheck-snapshot/1\", \"created\": \"2026-11-22T10:00:00Z\", "
#define CALLER                                                                                                         \
    "{\"service\": \"sts\", \"operation\": \"GetCallerIdentity\", \"region\": \"us-east-1\", \"parameters\": {}, "     \
    "\"answer\": {\"Account\": \"1\"}}"
#define REFUSED                                                                                                             \
    "{\"service\": \"s3\", \"operation\": \"HeadBucket\", \"region\": \"eu-west-1\", \"parameters\": {\"Bucket\": \"b\"}, " \
    "\"error\": {\"code\": \"403\", \"message\": \"\", \"http_status\": 403, \"bucket_region\": \"eu-west-1\"}}"
#define CALLS(list) HEAD "\"calls\": [" list "]}"

static const struct snapshot *read_text(struct arena *arena, struct str text)
{
    const struct snapshot *snapshot = NULL;
    struct error error;
    if (!snapshot_read(arena, STR("s.json"), text, &snapshot, &error))
        fail_msg("%s", error.text);
    return snapshot;
}

#define READ(text) read_text(*state, STR(text))

static struct str written(struct arena *arena, const struct snapshot *snapshot)
{
    struct buf *buf = arena_new(arena, struct buf);
    *buf = buf_make(arena, BUF_NO_MAX);
    struct sink sink = sink_to_buf(buf);
    snapshot_write(&sink, snapshot);
    return buf_str(buf);
}

static void reads_calls_with_answers_and_errors(void **state)
{
    const struct snapshot *snapshot = READ(CALLS(CALLER ", " REFUSED));
    assert_int_equal(snapshot->call_count, 2);
    assert_int_equal(snapshot->created, 1795341600);
    assert_int_equal(snapshot->target->count, 0);
    assert_str_equal(json_find_string(snapshot->calls[0].answer.value, "Account"), STR("1"));
    assert_str_equal(snapshot->calls[1].answer.code, STR("403"));
    assert_str_equal(snapshot->calls[1].answer.bucket_region, STR("eu-west-1"));
    assert_int_equal(snapshot->calls[1].answer.http_status, 403);
}

/* A text that is refused, and what the message says. */
struct refusal {
    const char *text;
    const char *message;
};

static const struct refusal refusals[] = {
    {"[]", "s.json:1:1: /: expected a snapshot"},
    {"{\"format\": \"exportcheck-snapshot/2\"}", "s.json:1:12: /format: expected 'exportcheck-snapshot/1'"},
    {"{\"format\": \"exportcheck-snapshot/1\"}", "the member 'created' is missing"},
    {HEAD "\"calls\": {}}", "/calls: expected an array"},
    {HEAD "\"call\": []}", "/call: unknown member 'call': did you mean 'calls'?"},
    {"{\"format\": \"exportcheck-snapshot/1\", \"created\": \"yesterday\", \"calls\": []}",
     "/created: expected a time"},
    {CALLS("1"), "/calls/0: expected an object"},
    {CALLS(
         "{\"service\": \"s3\", \"operation\": \"GetBucketPolcy\", \"region\": \"\", \"parameters\": {}, \"answer\": {}}"),
     "/calls/0/operation: unknown operation 's3:GetBucketPolcy': did you mean 's3:GetBucketPolicy'?"},
    {CALLS("{\"service\": \"sts\", \"operation\": \"GetCallerIdentity\", \"region\": \"\", \"parameters\": {}}"),
     "/calls/0: a call has either 'answer' or 'error'"},
    {CALLS("{\"service\": \"sts\", \"operation\": \"GetCallerIdentity\", \"region\": \"\", \"answer\": {}}"),
     "/calls/0: the member 'parameters' is missing"},
    {CALLS(CALLER ",\n" CALLER), "s.json:2:1: /calls/1: the same call as in line 1"},
    {CALLS(
         "{\"service\": \"s3\", \"operation\": \"ListObjectsV2\", \"region\": \"\", \"parameters\": {\"Bucket\": \"b\"}, "
         "\"answer\": {\"Contents\": [], \"IsTruncated\": true}}"),
     "/calls/0/answer/IsTruncated: pages are joined"},
    {CALLS("{\"service\": \"iam\", \"operation\": \"ListUsers\", \"region\": \"\", \"parameters\": {\"MaxItems\": 1}, "
           "\"answer\": {}}"),
     "/calls/0/parameters/MaxItems: pages are joined"},
    {CALLS("{\"service\": \"sts\", \"operation\": \"GetCallerIdentity\", \"region\": \"\", \"parameters\": {}, "
           "\"error\": {\"code\": \"\"}}"),
     "/calls/0/error/code: the code is empty"},
    {CALLS("{\"service\": \"sts\", \"operation\": \"GetCallerIdentity\", \"region\": \"\", \"parameters\": {}, "
           "\"error\": {\"code\": \"NotInSnapshot\"}}"),
     "a call that was never made is not in the list"},
    {CALLS("{\"service\": \"sts\", \"operation\": \"GetCallerIdentity\", \"region\": \"\", \"parameters\": {}, "
           "\"error\": {\"code\": \"x\", \"http_status\": 4.5}}"),
     "/calls/0/error/http_status: expected an integer"},
    {HEAD "\"calls\": [], \"calls\": []}", "s.json:1:"},
};

static void refuses_what_the_format_does_not_know_with_its_place(void **state)
{
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        const struct snapshot *snapshot = NULL;
        struct error error = {.text = "accepted"};
        bool ok = snapshot_read(*state, STR("s.json"), str_from(refusals[i].text), &snapshot, &error);
        if (ok || !str_contains(str_from(error.text), str_from(refusals[i].message)))
            fail_msg("%s\n  says %s\n  not  %s", refusals[i].text, error.text, refusals[i].message);
    }
}

static void what_is_written_reads_back_the_same(void **state)
{
    const struct snapshot *snapshot = READ(
        HEAD
        "\"tool\": \"t 1\", \"target\": {\"bucket\": \"b\"}, \"caller\": {\"access_key_id\": \"AKIA\"}, \"calls\": [" REFUSED
        ", " CALLER "]}");
    struct str text = written(*state, snapshot);
    const struct snapshot *again = read_text(*state, text);
    assert_str_equal(written(*state, again), text);
    assert_true(snapshot_equal(snapshot, again, NULL));
    assert_str_equal(again->access_key_id, STR("AKIA"));
    assert_str_equal(again->tool, STR("t 1"));
    assert_true(json_equal(again->target, snapshot->target));
}

static void the_order_of_calls_is_no_matter(void **state)
{
    const struct snapshot *a = READ(CALLS(CALLER ", " REFUSED));
    const struct snapshot *b = READ(CALLS(REFUSED ", " CALLER));
    assert_true(snapshot_equal(a, b, NULL));
    assert_str_equal(written(*state, a), written(*state, b));
}

static void equal_means_operation_parameters_and_answer_or_code(void **state)
{
    static const char *const others[][2] = {
        {CALLS(CALLER), "only the first has s3:HeadBucket"},
        {CALLS(
             "{\"service\": \"sts\", \"operation\": \"GetCallerIdentity\", \"region\": \"us-east-1\", \"parameters\": {}, "
             "\"answer\": {\"Account\": \"2\"}}, " REFUSED),
         "the answers differ to sts:GetCallerIdentity"},
        {CALLS(CALLER
               ", {\"service\": \"s3\", \"operation\": \"HeadBucket\", \"region\": \"eu-west-1\", \"parameters\": "
               "{\"Bucket\": \"b\"}, \"error\": {\"code\": \"404\"}}"),
         "the answers differ to s3:HeadBucket"},
        {CALLS(CALLER ", " REFUSED
                      ", {\"service\": \"cur\", \"operation\": \"DescribeReportDefinitions\", \"region\": \"\", "
                      "\"parameters\": {}, \"answer\": {}}"),
         "only the second has cur:DescribeReportDefinitions"},
    };
    const struct snapshot *a = READ(CALLS(CALLER ", " REFUSED));
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct error difference = {.text = "equal"};
        assert_false(snapshot_equal(a, read_text(*state, str_from(others[i][0])), &difference));
        if (!str_contains(str_from(difference.text), str_from(others[i][1])))
            fail_msg("'%s' does not say '%s'", difference.text, others[i][1]);
    }
    /* Region, message, HTTP status and time play no part. */
    const struct snapshot *b =
        READ("{\"format\": \"exportcheck-snapshot/1\", \"created\": \"2020-01-01T00:00:00Z\", "
             "\"calls\": [{\"service\": \"sts\", \"operation\": \"GetCallerIdentity\", \"region\": "
             "\"eu-west-1\", \"parameters\": {}, \"answer\": {\"Account\": \"1\"}}, {\"service\": \"s3\", "
             "\"operation\": \"HeadBucket\", \"region\": \"us-east-1\", \"parameters\": {\"Bucket\": "
             "\"b\"}, \"error\": {\"code\": \"403\", \"message\": \"no\"}}]}");
    assert_true(snapshot_equal(a, b, NULL));
}

static void no_secret_is_ever_written(void **state)
{
    const struct snapshot *snapshot =
        READ(CALLS("{\"service\": \"optscale\", \"operation\": \"ListCloudAccounts\", \"region\": \"us-east-1\", "
                   "\"parameters\": {\"organization_id\": \"o\"}, \"answer\": {\"cloud_accounts\": [{\"config\": "
                   "{\"access_key_id\": \"AKIA\", \"secret_access_key\": \"wJalrX\"}}]}}"));
    struct str text = written(*state, snapshot);
    assert_false(str_contains(text, STR("wJalrX")));
    assert_true(str_contains(text, STR("AKIA")));
}

static void a_file_is_readable_by_its_owner_alone(void **state)
{
    char path[] = "/tmp/exportcheck-snapshot-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    struct error error;
    assert_true(snapshot_save(path, READ(CALLS(CALLER)), &error));
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    unlink(path);
    assert_false(snapshot_save("/nonexistent/folder/s.json", READ(CALLS(CALLER)), &error));
}

/* --- finding and playing --- */

static void a_call_is_found_in_another_region_where_there_is_but_one(void **state)
{
    const struct snapshot *snapshot = READ(CALLS(
        CALLER ", " REFUSED
               ", {\"service\": \"s3\", \"operation\": \"HeadBucket\", \"region\": \"us-east-1\", \"parameters\": "
               "{\"Bucket\": \"b\"}, \"answer\": {}}"));
    static const struct json none = {.type = JSON_OBJECT};
    struct call caller = {operation_find_call(STR("sts:GetCallerIdentity")), STR("sa-east-1"), &none, DECODE_NONE, 0};
    assert_non_null(snapshot_find(snapshot, &caller));
    struct call head = snapshot->calls[1].call;
    assert_ptr_equal(snapshot_find(snapshot, &head), &snapshot->calls[1]);
    head.region = STR("sa-east-1"); /* two regions: neither is meant */
    assert_null(snapshot_find(snapshot, &head));
}

struct heard {
    struct transport *transport;
    struct call next; /* submitted from inside the first answer */
    int count;
    struct str last_code;
};

static void hear(void *context, const struct call *call, const struct answer *answer)
{
    struct heard *heard = context;
    (void)call;
    heard->last_code = answer->code;
    if (heard->count++ == 0)
        heard->transport->submit(heard->transport->self, &heard->next, hear, heard);
}

static void the_transport_answers_what_handlers_ask_meanwhile(void **state)
{
    const struct snapshot *snapshot = READ(HEAD "\"caller\": {\"access_key_id\": \"AKIA\"}, \"calls\": [" CALLER "]}");
    struct transport transport = snapshot_transport(*state, snapshot);
    struct heard heard = {&transport, snapshot->calls[0].call, 0, {0}};
    heard.next.operation = operation_find_call(STR("cur:DescribeReportDefinitions"));
    transport.submit(transport.self, &snapshot->calls[0].call, hear, &heard);
    assert_int_equal(heard.count, 0);
    transport.run(transport.self);
    assert_int_equal(heard.count, 2);
    assert_str_equal(heard.last_code, STR("NotInSnapshot"));
    assert_int_equal(transport.time(transport.self), 1795341600);
    assert_str_equal(transport.access_key_id(transport.self), STR("AKIA"));
}

static void the_key_of_a_call_does_not_depend_on_the_order_of_parameters(void **state)
{
    const struct snapshot *a =
        READ(CALLS("{\"service\": \"s3\", \"operation\": \"GetObject\", \"region\": \"r\", \"parameters\": "
                   "{\"Bucket\": \"b\", \"Key\": \"a \\\"k\\\"\", \"Range\": \"x\"}, \"answer\": {}}"));
    const struct snapshot *b =
        READ(CALLS("{\"service\": \"s3\", \"operation\": \"GetObject\", \"region\": \"r\", \"parameters\": "
                   "{\"Range\": \"x\", \"Key\": \"a \\\"k\\\"\", \"Bucket\": \"b\"}, \"answer\": {}}"));
    struct str key = call_key(*state, &a->calls[0].call);
    assert_str_equal(key, call_key(*state, &b->calls[0].call));
    assert_str_equal(key, STR("s3:GetObject r {\"Bucket\":\"b\",\"Key\":\"a \\\"k\\\"\",\"Range\":\"x\"}"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        arena_test(reads_calls_with_answers_and_errors),
        arena_test(refuses_what_the_format_does_not_know_with_its_place),
        arena_test(what_is_written_reads_back_the_same),
        arena_test(the_order_of_calls_is_no_matter),
        arena_test(equal_means_operation_parameters_and_answer_or_code),
        arena_test(no_secret_is_ever_written),
        arena_test(a_file_is_readable_by_its_owner_alone),
        arena_test(a_call_is_found_in_another_region_where_there_is_but_one),
        arena_test(the_transport_answers_what_handlers_ask_meanwhile),
        arena_test(the_key_of_a_call_does_not_depend_on_the_order_of_parameters),
    };
    return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
